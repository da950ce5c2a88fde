package dev.tandem.extender.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Victims;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of the preempt verb, as kubernetes/kube-scheduler extender/v1 types.go names them. */
class PreemptionWireTest {
  private static final String POD = "{\"metadata\":{\"name\":\"p\",\"namespace\":\"llm\"}}";
  private static final String META =
      "{\"Pod\":"
          + POD
          + ",\"NodeNameToVictims\":null,\"NodeNameToMetaVictims\":"
          + "{\"n1\":{\"Pods\":[{\"UID\":\"a\"},{\"UID\":\"b\"}],\"NumPDBViolations\":1},"
          + "\"n0\":{\"Pods\":null,\"NumPDBViolations\":0}}}";

  private final PreemptionReader reader =
      new PreemptionReader(new PodReader(GpuResources.of("nvidia.com/gpu")));

  private Map<String, Victims> victims(String body) {
    PreemptionArgs.Parsed parsed = reader.read(body.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).isInstanceOf(PreemptionArgs.Valid.class);
    return ((PreemptionArgs.Valid) parsed).args().victims();
  }

  private String reason(String body) {
    PreemptionArgs.Parsed parsed = reader.read(body.getBytes(StandardCharsets.UTF_8));
    assertThat(parsed).isInstanceOf(PreemptionArgs.Invalid.class);
    return ((PreemptionArgs.Invalid) parsed).reason();
  }

  @Test
  void victimsByUidAreRead() {
    assertThat(victims(META))
        .isEqualTo(
            Map.of("n1", new Victims(List.of("a", "b"), 1), "n0", new Victims(List.of(), 0)));
  }

  @Test
  void wholeVictimsAreReadByTheirUid() {
    assertThat(
            victims(
                "{\"pod\":"
                    + POD
                    + ",\"nodeNameToVictims\":{\"n1\":{\"pods\":[{\"metadata\":{\"name\":\"x\",\"uid\":\"a\"},"
                    + "\"spec\":{}}],\"numPDBViolations\":2}},\"nodeNameToMetaVictims\":null}"))
        .isEqualTo(Map.of("n1", new Victims(List.of("a"), 2)));
  }

  @Test
  void theAnswerNamesVictimsByUidInGoCase() {
    Map<String, Victims> kept = new LinkedHashMap<>();
    kept.put("n1", new Victims(List.of("a", "b"), 1));
    kept.put("n0", new Victims(List.of(), 0));
    assertThat(new String(new Answers().preemption(kept), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"NodeNameToMetaVictims\":{\"n1\":{\"Pods\":[{\"UID\":\"a\"},{\"UID\":\"b\"}],"
                + "\"NumPDBViolations\":1},\"n0\":{\"Pods\":[],\"NumPDBViolations\":0}}}");
  }

  @Test
  void whatIsMissingOrOfTheWrongTypeIsNamed() {
    assertThat(reason("{\"Pod\":" + POD + "}")).contains("both null");
    assertThat(reason("{\"NodeNameToMetaVictims\":{}}")).contains("Pod is missing");
    assertThat(reason("{\"Pod\":" + POD + ",\"NodeNameToMetaVictims\":[]}"))
        .contains("NodeNameToMetaVictims");
    assertThat(
            reason(
                "{\"Pod\":" + POD + ",\"NodeNameToMetaVictims\":{\"n\":{\"Pods\":[{\"UID\":7}]}}}"))
        .contains("NodeNameToMetaVictims.n.Pods[] UID");
    assertThat(reason(META.substring(0, 60))).contains("not JSON");
  }

  @Test
  void anyMutatedBodyIsReadOrRefusedAndNeverThrows() {
    long seed = 20261121;
    Random random = new Random(seed);
    byte[] original = META.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 20_000; i++) {
      byte[] body = original.clone();
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      assertThat(reader.read(body)).as("seed %d round %d", seed, i).isNotNull();
    }
  }
}
