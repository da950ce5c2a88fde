package dev.tandem.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModelSpreadTest {

  private static final List<ServedModel> MODELS =
      List.of(model("a", 2), model("b", 2), model("c", 1));

  @Test
  void oneConversationAsksForOneModel() {
    ModelSpread spread = new ModelSpread(MODELS, 1);
    TraceRequest first = new TraceRequest(0, 700, 1, List.of(0L, 7L));
    TraceRequest next = new TraceRequest(9, 1_500, 1, List.of(0L, 7L, 8L));

    assertThat(spread.of(next)).isEqualTo(spread.of(first));
  }

  @Test
  void modelsAreAskedForByTheirShareOfPodsThatPrefill() {
    ModelSpread spread = new ModelSpread(MODELS, 1);
    Map<String, Long> counts =
        new SplittableRandom(5)
            .longs(10_000)
            .mapToObj(id -> new TraceRequest(0, 700, 1, List.of(0L, id)))
            .collect(Collectors.groupingBy(r -> spread.of(r).name(), Collectors.counting()));

    assertThat(counts.get("a")).isBetween(3_800L, 4_200L);
    assertThat(counts.get("c")).isBetween(1_850L, 2_150L);
  }

  private static ServedModel model(String name, int prefillPods) {
    return new ServedModel(name, prefillPods, List.of(new ServedModel.Endpoint("127.0.0.1", 8000)));
  }
}
