package dev.tandem.topology.imports;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text of {@code ibnetdiscover} as devices and links. A block is headed {@code Switch}, {@code
 * Ca} or {@code Rt}, the number of ports, the GUID and the description; each of its lines is a
 * port, the peer and its port, and ends in width and speed. Every link between two listed devices
 * stands there twice and is kept once.
 */
final class IbText {
  private static final Pattern HEADER =
      Pattern.compile("(Switch|Ca|Rt)\\s+\\d+\\s+\"([^\"]+)\"\\s*(?:#\\s*\"([^\"]*)\".*)?");
  private static final Pattern PORT =
      Pattern.compile(
          "\\[(\\d+)](?:\\[[^]]*])?(?:\\([^)]*\\))?\\s+\"([^\"]+)\"\\[(\\d+)](?:\\[[^]]*])?"
              + "(?:\\([^)]*\\))?\\s*(?:#(.*))?");
  private static final Pattern SPEED = Pattern.compile("(?:^|\\s)(\\d{1,2})x([A-Z]+\\d*)\\s*$");
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

  /** Gb/s of payload a lane, one way (InfiniBand Trade Association's roadmap, coding removed). */
  private static final Map<String, Double> GIGABITS_A_LANE =
      Map.of(
          "SDR", 2.0, "DDR", 4.0, "QDR", 8.0, "FDR10", 10.0, "FDR", 13.64, "EDR", 25.0, "HDR", 50.0,
          "NDR", 100.0, "XDR", 200.0);

  /** A device: {@code S-} switches, {@code H-} adapters, {@code R-} routers. */
  record Link(
      String from, int fromPort, String to, int toPort, double gigabytesPerSecond, int line) {}

  private final Source source;
  private final Findings findings;
  private final Map<String, String> descriptions = new HashMap<>();
  private final List<Link> links = new ArrayList<>();
  private final Set<String> known = new HashSet<>();
  private @Nullable String device;

  private IbText(Source source, Findings findings) {
    this.source = source;
    this.findings = findings;
  }

  static IbText read(Source source, Findings findings) {
    IbText reading = new IbText(source, findings);
    int number = 0;
    for (String line : (Iterable<String>) source.text().lines()::iterator) {
      reading.line(line.strip(), ++number);
    }
    return reading;
  }

  /** Every link once, in the order of the text. */
  List<Link> links() {
    return links;
  }

  /** What a device says of itself; empty where nothing does. */
  String description(String device) {
    return descriptions.getOrDefault(device, "");
  }

  private void line(String line, int number) {
    if (line.startsWith("[")) {
      port(line, number);
      return;
    }
    Matcher header = HEADER.matcher(line);
    if (header.matches()) {
      device = header.group(2);
      describe(header.group(2), header.group(3));
    } else if (line.startsWith("Switch") || line.startsWith("Ca") || line.startsWith("Rt")) {
      device = null;
      findings.conflict(
          "%s: '%s' is not a block's head; its ports are left out"
              .formatted(source.at(number), Source.shown(line)));
    }
  }

  private void port(String line, int number) {
    String here = device;
    if (here == null) {
      return;
    }
    Matcher port = PORT.matcher(line);
    String rest = port.matches() && port.group(4) != null ? port.group(4) : "";
    Matcher speed = SPEED.matcher(rest);
    if (!port.matches() || !speed.find()) {
      findings.conflict(
          "%s: '%s' is not [port] \"peer\"[port] # ... WIDTHxSPEED; left out"
              .formatted(source.at(number), Source.shown(line)));
      return;
    }
    Double lane = GIGABITS_A_LANE.get(speed.group(2));
    int width = Integer.parseInt(speed.group(1));
    if (lane == null || width < 1 || width > 12) {
      findings.conflict(
          "%s: speed '%sx%s'; accepted: 1x to 12x of SDR, DDR, QDR, FDR10, FDR, EDR, HDR, NDR, XDR"
              .formatted(source.at(number), speed.group(1), Source.shown(speed.group(2))));
      return;
    }
    String peer = port.group(2);
    Matcher quoted = QUOTED.matcher(rest);
    describe(peer, quoted.find() ? quoted.group(1) : null);
    add(here, number(port.group(1)), peer, number(port.group(3)), width * lane / 8, number);
  }

  private void add(
      String here, int port, String peer, int peerPort, double gigabytesPerSecond, int line) {
    String end = here + "[" + port;
    String other = peer + "[" + peerPort;
    if (known.add(end.compareTo(other) <= 0 ? end + other : other + end)) {
      links.add(new Link(here, port, peer, peerPort, gigabytesPerSecond, line));
    }
  }

  private void describe(String name, @Nullable String description) {
    if (description != null) {
      descriptions.putIfAbsent(name, description);
    }
  }

  private static int number(String digits) {
    return digits.length() > 6 ? 0 : Integer.parseInt(digits);
  }
}
