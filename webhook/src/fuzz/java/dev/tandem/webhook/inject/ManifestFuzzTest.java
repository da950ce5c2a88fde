package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Jazzer spoils a manifest on its way through {@code tandem inject} and {@code uninject}. */
final class ManifestFuzzTest {

  private static final String MANIFEST =
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: &m {name: qwen}
      spec:
        template:
          metadata:
            labels: {production-stack.vllm.ai/inject: "true"}
            annotations:
              production-stack.vllm.ai/role: prefill
              production-stack.vllm.ai/group: g
          spec:
            containers:
              - name: vllm
                image: vllm/vllm-openai:v0.26.0
                args: [--model, m, "--port=8000"]
                ports:
                  - {containerPort: 8000, name: http}
      """;

  private static final int MOST_SPOTS = 4;
  private static final int LONGEST_CUT = 12;
  private static final int LONGEST_TEXT = 80;

  private final Manifests manifests = new Manifests(new Injector(InjectionConfig.DEFAULT));

  @FuzzTest(maxDuration = "1m")
  void anyFileIsRefusedOrInjectedOnceAndTakenBack(FuzzedDataProvider data) throws IOException {
    String text = spoilt(data);
    String normalized;
    try {
      normalized = Manifests.normalized(text);
    } catch (IOException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    Manifests.Injection injection = manifests.inject(text, true);
    if (injection.outcomes().stream()
        .noneMatch(outcome -> outcome.result() instanceof InjectionResult.Injected)) {
      assertThat(injection.yaml()).isEqualTo(text);
      return;
    }
    assertThat(manifests.inject(injection.yaml(), true).yaml()).isEqualTo(injection.yaml());
    assertThat(YamlDocuments.read(Manifests.uninject(injection.yaml()).yaml()))
        .isEqualTo(YamlDocuments.read(normalized));
  }

  private static String spoilt(FuzzedDataProvider data) {
    StringBuilder text = new StringBuilder(MANIFEST);
    for (int i = data.consumeInt(0, MOST_SPOTS); i > 0; i--) {
      int at = data.consumeInt(0, text.length());
      int end = Math.min(text.length(), at + data.consumeInt(0, LONGEST_CUT));
      text.replace(at, end, data.consumeString(LONGEST_TEXT));
    }
    return text.toString();
  }
}
