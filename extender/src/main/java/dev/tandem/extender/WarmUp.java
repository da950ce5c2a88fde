package dev.tandem.extender;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.http.ExtenderMetrics;
import dev.tandem.extender.http.Verbs;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs the whole way from body to answer on a made-up cluster before the process says it is ready:
 * a cold JVM answers its first calls many times slower than kube-scheduler's patience in a sample
 * configuration. Nothing of the real cluster is touched. Ends after {@value #CALLS} calls or
 * {@value #MOST_MILLIS} ms, whichever comes first.
 */
final class WarmUp {
  private static final int NODES = 400;
  private static final int CALLS = 150;
  private static final int MOST_MILLIS = 3_000;

  private WarmUp() {}

  static void run(Decider.Limits limits, GpuResources resources) {
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults());
    StringBuilder names = new StringBuilder();
    for (int i = 0; i < NODES; i++) {
      String name = "warm-" + i;
      Map<Level, String> levels =
          Map.of(Level.NVLINK, "n" + i / 8, Level.LEAF, "l" + i / 32, Level.SPINE, "s" + i / 128);
      picture.node(
          new NodeState(
              new NodeFacts(name, levels, 4 + 4 * (i % 2), null, 0, List.of()),
              true,
              false,
              Map.of()));
      names.append(i == 0 ? "" : ",").append('"').append(name).append('"');
    }
    Decider decider = new Decider(picture, new Journal(), limits, Clock.systemUTC());
    Verbs verbs =
        new Verbs(
            new PodReader(resources), decider, decider.preemption(), new ExtenderMetrics(), false);
    long end = System.nanoTime() + Duration.ofMillis(MOST_MILLIS).toNanos();
    for (int i = 0; i < CALLS && System.nanoTime() < end; i++) {
      byte[] body = body(i, names, resources.names().getFirst());
      verbs.filter(body);
      verbs.prioritize(body);
    }
  }

  private static byte[] body(int call, CharSequence names, String gpuResource) {
    String role = call % 2 == 0 ? "prefill" : "decode";
    return """
    {"Pod":{"metadata":{"name":"p%d","namespace":"w","uid":"u%d","annotations":{
    "%s":"%s","%s":"g%d","%s":"prefill=2,decode=2"}},"spec":{"containers":[{"resources":
    {"limits":{"%s":"%d"}}}]}},"Nodes":null,"NodeNames":[%s]}
    """
        .formatted(
            call,
            call,
            Keys.ROLE,
            role,
            Keys.GROUP,
            call / 4,
            Keys.GROUP_SIZE,
            gpuResource,
            2 << call % 3,
            names)
        .getBytes(StandardCharsets.UTF_8);
  }
}
