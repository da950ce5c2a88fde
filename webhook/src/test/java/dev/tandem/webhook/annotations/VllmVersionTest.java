package dev.tandem.webhook.annotations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VllmVersionTest {

  @ParameterizedTest
  @CsvSource({
    "vllm/vllm-openai:v0.26.0,0.26.0",
    "vllm/vllm-openai:v0.8.5.post1,0.8.5",
    "registry:5000/mirror/vllm/vllm-openai:v0.11.2-x86_64,0.11.2",
    "vllm/vllm-openai:v0.18.0rc1,0.17.0",
    "vllm/vllm-openai:v0.26.0@sha256:00,0.26.0",
    "rocm/vllm:rocm6.4.1_vllm_0.10.1_20250909,0.10.1"
  })
  void aTagOfVllmsOwnProvesItsVersion(String image, String version) {
    assertThat(String.valueOf(VllmVersion.ofImage(image))).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vllm/vllm-openai",
        "vllm/vllm-openai:latest",
        "vllm/vllm-openai:nightly-abc",
        "vllm/vllm-openai@sha256:00",
        "ghcr.io/llm-d/llm-d-cuda:v0.3.1",
        "lmcache/vllm-openai:v0.3.9",
        "nvcr.io/nvidia/vllm:25.09-py3",
        "registry:5000/vllm-openai",
        ""
      })
  void anyOtherImageProvesNothing(String image) {
    assertThat(VllmVersion.ofImage(image)).isNull();
  }
}
