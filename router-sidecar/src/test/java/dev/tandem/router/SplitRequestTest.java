package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.Role;
import dev.tandem.router.request.Json;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request served by a prefill and a decode pod, each with a router, asked at a third. */
class SplitRequestTest {

  private Pods pods = new Pods();

  @BeforeEach
  void start() {
    pods.pod("p0", Role.PREFILL, "g").pod("d0", Role.DECODE, "g").pod("p1", Role.PREFILL, "g");
    pods.start();
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  @Test
  void aPlainAnswerComesFromDecodeWithThePrefillsCachedTokens() throws Exception {
    HttpResponse<String> answer =
        pods.post(
            "p1", "/v1/completions", "{\"model\":\"llama\",\"prompt\":\"" + Prompts.LONG + "\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode json = Json.read(answer.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(json.path("id").asText()).isEqualTo("d");
    assertThat(json.path("usage").path("prompt_tokens_details").path("cached_tokens").asInt())
        .isEqualTo(7);
    assertThat(answer.headers().firstValue("x-tandem-decode")).contains("d0");
    assertThat(answer.headers().firstValue("x-tandem-prefill")).isPresent();
    assertThat(answer.headers().firstValue("x-request-id")).isPresent();
  }

  @Test
  void aStreamComesWholeWithThePrefillsCachedTokens() {
    HttpResponse<String> answer =
        pods.post(
            "p1",
            "/v1/completions",
            "{\"model\":\"llama\",\"stream\":true,\"prompt\":\"" + Prompts.LONG + "\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type"))
        .contains("text/event-stream; charset=utf-8");
    assertThat(answer.body())
        .isEqualTo(
            "data: {\"choices\":[{\"text\":\"t0\"}]}\n\n"
                + "data: {\"choices\":[{\"text\":\"t1\"}]}\n\n"
                + "data: {\"choices\":[{\"text\":\"t2\"}]}\n\n"
                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":7}}}\n\n"
                + "data: [DONE]\n\n");
  }
}
