package dev.tandem.cli.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.extender.decide.PodFacts;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WorkloadsTest {
  private static final String DEPLOYMENT =
      """
      # what several pods share
      x-gpus: &gpus {limits: {nvidia.com/gpu: "4"}}
      kind: Deployment
      apiVersion: apps/v1
      metadata: {name: chat, namespace: llm}
      spec:
        replicas: 3
        template:
          metadata:
            annotations: {production-stack.vllm.ai/role: decode, production-stack.vllm.ai/group: chat}
          spec:
            containers:
              - {name: vllm, args: [--model, m/l], resources: *gpus}
      ---
      kind: Service
      ---
      """;

  @Test
  void aliasesAreReadAsKubectlReadsThem() {
    List<PodFacts> pods = new Workloads().pods(DEPLOYMENT);
    assertThat(pods).hasSize(3).allMatch(pod -> pod.gpus() == 4);
  }

  @Test
  void fieldsOfTheWrongTypeAreRefusedByName() {
    for (String bad :
        List.of(
            "{kind: Pod, metadata: [1]}",
            "{kind: Pod, metadata: {name: p, annotations: 7}}",
            "{kind: Deployment, metadata: {name: p}, spec: {template: [1]}}",
            "{kind: Job, metadata: {name: p}, spec: {parallelism: -1}}",
            "{kind: Pod, kind: Pod}",
            "kind: [")) {
      assertThatThrownBy(() -> new Workloads().pods(bad))
          .as(bad)
          .isExactlyInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void spoiltManifestsAreReadOrRefusedAndNothingElse() {
    long seed = Long.getLong("tandem.seed", 4);
    Random random = new Random(seed);
    String spice = "[]{}\"'*&<!:-,|>%@#\n\t 07x~\u0000\u00e9";
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder(DEPLOYMENT);
      for (int i = random.nextInt(5); i >= 0; i--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, spice.charAt(random.nextInt(spice.length())));
          case 1 -> text.insert(at, spice.charAt(random.nextInt(spice.length())));
          default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
        }
      }
      try {
        new Workloads().pods(text.toString());
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as("seed %d:\n%s", seed, text).isNotBlank();
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round + ":\n" + text, e);
      }
    }
  }
}
