package dev.tandem.webhook.inject;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The pool of a pod that names none: its model's name in the form a label value may have. */
final class PoolName {

  private static final int LONGEST = 63;

  private static final Pattern OTHERS = Pattern.compile("[^A-Za-z0-9._-]");

  private static final Pattern ENDS = Pattern.compile("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$");

  private PoolName() {}

  /** Other characters become dashes; a name cut to fit ends in a hash of the whole. */
  static String of(String model) {
    String safe = ENDS.matcher(OTHERS.matcher(model).replaceAll("-")).replaceAll("");
    if (safe.isEmpty()) {
      return "model-" + hash(model);
    }
    if (safe.length() <= LONGEST) {
      return safe;
    }
    String head = ENDS.matcher(safe.substring(0, LONGEST - 9)).replaceAll("");
    return head + "-" + hash(model);
  }

  private static String hash(String model) {
    CRC32 crc = new CRC32();
    crc.update(model.getBytes(StandardCharsets.UTF_8));
    return "%08x".formatted(crc.getValue());
  }
}
