package dev.tandem.extender;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.http.ExtenderMetrics;
import dev.tandem.extender.http.ExtenderServer;
import dev.tandem.extender.http.Listener;
import dev.tandem.extender.http.Verbs;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the whole way from a connection to an answer before the process says it is ready: a cold JVM
 * takes a hundred times as long for its first call of thousands of names as for later ones. Asks a
 * server of its own on loopback about a made-up cluster, as large as any and half full, of which
 * other groups hold a part; nothing of the real cluster is touched, and none of it is counted. Ends
 * once {@value #STEADY} filter calls in a row took less than twice the quickest, or after {@value
 * #CALLS} of them, or {@value #MOST_MILLIS} ms of asking, whichever comes first.
 */
final class WarmUp {
  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
  private static final int NODES = 5_000;
  private static final int HALF_PLACED = 16;
  private static final int CALLS = 600;
  private static final int STEADY = 80;
  private static final int MOST_MILLIS = 4_000;

  private final GpuResources resources;
  private final ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
  private final List<String> names = new ArrayList<>();

  private WarmUp(GpuResources resources) {
    this.resources = resources;
  }

  static void run(Decider.Limits limits, GpuResources resources) {
    WarmUp warmUp = new WarmUp(resources);
    warmUp.fill();
    Journal journal = new Journal();
    Decider decider = new Decider(warmUp.picture, journal, limits, Clock.systemUTC());
    ExtenderMetrics metrics = new ExtenderMetrics();
    Verbs verbs = new Verbs(new PodReader(resources), decider, metrics, false);
    try (ExtenderServer server =
            new ExtenderServer(
                new Listener("127.0.0.1", 0, null, Listener.PATIENCE),
                verbs,
                metrics,
                warmUp.picture,
                decider,
                journal,
                () -> null);
        Socket connection = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      warmUp.ask(connection);
    } catch (IOException | RuntimeException e) {
      log.warn("warm-up broke off: {}; the first answers take longer", e.toString());
    }
  }

  private void fill() {
    for (int i = 0; i < NODES; i++) {
      String name = "warm-%04d".formatted(i);
      Map<Level, String> levels =
          Map.of(Level.NVLINK, "n" + i / 16, Level.LEAF, "l" + i / 32, Level.SPINE, "s" + i / 256);
      NodeFacts facts = new NodeFacts(name, levels, 8, null, 0, List.of());
      picture.node(new NodeState(facts, true, false, Map.of()));
      names.add(name);
      if (i % 3 == 0) {
        picture.pod(pod("used-" + i, Map.of()).on(name));
      }
    }
    for (int i = 0; i < HALF_PLACED; i++) {
      picture.pod(pod("half-" + i, asks("half-" + i, "prefill")).on(names.get(i * 311)));
    }
  }

  private void ask(Socket connection) throws IOException {
    connection.setTcpNoDelay(true);
    connection.setSoTimeout(MOST_MILLIS);
    OutputStream out = connection.getOutputStream();
    InputStream in = new BufferedInputStream(connection.getInputStream());
    String all = quoted(names);
    String some = quoted(names.subList(0, 32));
    long end = System.nanoTime() + Duration.ofMillis(MOST_MILLIS).toNanos();
    long quickest = Long.MAX_VALUE;
    int steady = 0;
    for (int i = 0; i < CALLS && steady < STEADY && System.nanoTime() < end; i++) {
      long start = System.nanoTime();
      post(out, in, "filter", candidates(i, all));
      long nanos = System.nanoTime() - start;
      quickest = Math.min(quickest, nanos);
      steady = nanos < 2 * quickest ? steady + 1 : 0;
      post(out, in, "prioritize", candidates(i, some));
      if (i % 16 == 0) {
        post(out, in, "preempt", victims(i));
      }
    }
  }

  private static void post(OutputStream out, InputStream in, String verb, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /%s HTTP/1.1\r\nHost: warm\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(verb, bytes.length);
    out.write(head.getBytes(StandardCharsets.UTF_8));
    out.write(bytes);
    out.flush();
    int length = -1;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring("content-length:".length()).strip());
      }
    }
    if (length < 0 || in.readNBytes(length).length < length) {
      throw new IOException("no whole answer to " + verb);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("connection closed");
      }
      line.append((char) next);
    }
    return line.toString().strip();
  }

  private String candidates(int call, String nodes) {
    return "{\"Pod\":%s,\"Nodes\":null,\"NodeNames\":[%s]}".formatted(pod(call), nodes);
  }

  private String victims(int call) {
    return "{\"Pod\":%s,\"NodeNameToMetaVictims\":{\"%s\":{\"Pods\":[{\"UID\":\"used-0\"}]},\"%s\":{\"Pods\":[{\"UID\":\"half-1\"}]}}}"
        .formatted(pod(call), names.get(0), names.get(311));
  }

  /** One in eight asks nothing of us. */
  private String pod(int call) {
    String annotations =
        call % 8 == 7
            ? ""
            : asks("g" + call / 4, call % 2 == 0 ? "prefill" : "decode").entrySet().stream()
                .map(entry -> "\"%s\":\"%s\"".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(","));
    return """
    {"metadata":{"name":"p%d","namespace":"w","uid":"u%d","annotations":{%s}},
    "spec":{"containers":[{"resources":{"limits":{"%s":"%d"}}}]}}\
    """
        .formatted(call, call, annotations, resources.names().getFirst(), 2 << call % 3);
  }

  private static Map<String, String> asks(String group, String role) {
    return Map.of(Keys.GROUP, group, Keys.ROLE, role, Keys.GROUP_SIZE, "prefill=2,decode=2");
  }

  private static PodFacts pod(String uid, Map<String, String> annotations) {
    return new PodFacts(
        uid,
        "w",
        uid,
        null,
        true,
        false,
        System.currentTimeMillis(),
        4,
        Map.of(),
        Annotations.read(annotations, Map.of()));
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
  }
}
