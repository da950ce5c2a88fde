package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class VerbsTest {

  /** Stands for any defect in the middle of a decision. */
  private static final class BrokenClock extends Clock {
    @Override
    public Instant instant() {
      throw new IllegalStateException("a defect");
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static final byte[] ARGS =
      """
      {"Pod":{"metadata":{"name":"p","namespace":"llm","uid":"u",
      "annotations":{"%s":"prefill","%s":"g"}}},"Nodes":null,"NodeNames":["a","b"]}
      """
          .formatted(Keys.ROLE, Keys.GROUP)
          .getBytes(StandardCharsets.UTF_8);

  private final ExtenderMetrics metrics = new ExtenderMetrics();
  private final Decider decider =
      new Decider(
          new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC()),
          new Journal(),
          Decider.Limits.defaults(),
          new BrokenClock());
  private final Verbs verbs =
      new Verbs(new PodReader(GpuResources.of("nvidia.com/gpu")), decider, metrics, true);

  @Test
  void aDefectOfOursIsAnErrorTheSchedulerCanReadAndIsCounted() {
    assertThat(new String(verbs.filter(ARGS), StandardCharsets.UTF_8))
        .startsWith("{\"Nodes\":null,\"NodeNames\":[]")
        .contains("\"Error\":\"tandem extender: internal error")
        .contains("a defect");
    assertThat(metrics.scrape())
        .contains("tandem_extender_bad_requests_total{problem=\"internal\",verb=\"filter\"} 1.0");
  }

  @Test
  void aDefectOfOursGivesNoOpinionWhereTheWireHasNoErrorAndIsCounted() {
    assertThat(new String(verbs.prioritize(ARGS), StandardCharsets.UTF_8)).isEqualTo("[]");
    assertThat(metrics.scrape())
        .contains(
            "tandem_extender_bad_requests_total{problem=\"internal\",verb=\"prioritize\"} 1.0");
  }
}
