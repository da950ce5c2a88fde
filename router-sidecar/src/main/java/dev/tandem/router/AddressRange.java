package dev.tandem.router;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * Addresses that share their first bits: an address, or a range in CIDR notation. Immutable.
 *
 * @param text as it was written
 */
public record AddressRange(String text) {

  public AddressRange {
    parse(text); // refuses what is no range
  }

  /** Whether an address lies in it; text that is no address lies in none. */
  public boolean contains(String address) {
    byte[] given = bytes(address);
    Range range = parse(text);
    return given != null && given.length == range.bytes.length && range.matches(given);
  }

  private record Range(byte[] bytes, int bits) {
    boolean matches(byte[] given) {
      int whole = bits / 8;
      int rest = bits % 8;
      return Arrays.equals(bytes, 0, whole, given, 0, whole)
          && (rest == 0 || ((bytes[whole] ^ given[whole]) & (0xff00 >> rest) & 0xff) == 0);
    }
  }

  private static Range parse(String text) {
    int slash = text.indexOf('/');
    byte[] bytes = bytes(slash < 0 ? text : text.substring(0, slash));
    String bits = slash < 0 ? "" : text.substring(slash + 1);
    if (bytes != null && slash < 0) {
      return new Range(bytes, bytes.length * 8);
    }
    if (bytes != null && bits.matches("[0-9]{1,3}") && Integer.parseInt(bits) <= bytes.length * 8) {
      return new Range(bytes, Integer.parseInt(bits));
    }
    throw new IllegalArgumentException(
        "address range '" + text + "'; accepted: an address or a range such as 10.0.0.0/8");
  }

  /** Null for what is no literal address: names are not looked up. */
  private static byte @org.jspecify.annotations.Nullable [] bytes(String address) {
    if (!address.matches("[0-9.]{7,15}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%.*)?")) {
      return null;
    }
    try {
      return InetAddress.getByName(address.replaceFirst("%.*", "")).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
