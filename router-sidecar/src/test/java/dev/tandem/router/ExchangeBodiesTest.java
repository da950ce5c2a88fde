package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Role;
import dev.tandem.router.request.Json;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the two engines of an exchange are sent, to the letter. */
class ExchangeBodiesTest {

  private final Pods pods = new Pods();

  @BeforeEach
  void start() {
    pods.pod("p0", Role.PREFILL, "g").pod("d0", Role.DECODE, "g").start();
  }

  @AfterEach
  void stop() {
    pods.close();
  }

  private static JsonNode json(String text) throws IOException {
    return Json.read(text.getBytes(StandardCharsets.UTF_8));
  }

  private StubEngine.Seen leg(String pod) {
    assertThat(pods.engine(pod).inferred()).hasSize(1);
    return pods.engine(pod).inferred().getFirst();
  }

  @Test
  void prefillIsAskedForOneTokenWithoutAStreamAndToKeepTheCache() throws Exception {
    String fields =
        "\"model\":\"llama\",\"prompt\":\"" + Prompts.LONG + "\",\"x\":{\"y\":[1.10,1e3]},";
    pods.post(
        "d0",
        "/v1/completions",
        "{"
            + fields
            + "\"stream\":true,\"stream_options\":{\"include_usage\":true},"
            + "\"max_tokens\":99,\"max_completion_tokens\":98,\"min_tokens\":5}");
    assertThat(leg("p0").body())
        .isEqualTo(
            json(
                "{"
                    + fields
                    + "\"stream\":false,\"max_tokens\":1,\"max_completion_tokens\":1,"
                    + "\"kv_transfer_params\":{\"do_remote_decode\":true,"
                    + "\"do_remote_prefill\":false,\"remote_engine_id\":null,"
                    + "\"remote_block_ids\":null,\"remote_host\":null,\"remote_port\":null}}"));
  }

  @Test
  void decodeIsSentTheCallersBodyAndPrefillsParametersVerbatim() throws Exception {
    String body =
        "{\"model\":\"llama\",\"prompt\":\""
            + Prompts.LONG
            + "\",\"stream\":true,\"max_tokens\":99,\"min_tokens\":5,\"x\":{\"y\":[1.10,null]}}";
    pods.post("d0", "/v1/completions", body);
    ObjectNode expected = (ObjectNode) json(body);
    expected.set("kv_transfer_params", json(StubEngine.PARAMS));
    assertThat(leg("d0").body()).isEqualTo(expected);
  }

  @Test
  void aCallersTransferParametersReachNobody() {
    pods.post(
        "d0",
        "/v1/chat/completions",
        "{\"model\":\"llama\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
            + "\"kv_transfer_params\":{\"remote_host\":\"10.0.0.1\"}}");
    assertThat(leg("d0").body().has("kv_transfer_params")).isFalse();
    assertThat(leg("d0").body().path("n").asInt()).isEqualTo(2);
  }

  @Test
  void bothLegsCarryTheCallersRequestIdAndAuthorization() {
    pods.post(
        "d0",
        "/v1/completions",
        Prompts.plain(),
        "x-request-id",
        "mine-1",
        "authorization",
        "Bearer t");
    for (String pod : new String[] {"p0", "d0"}) {
      assertThat(leg(pod).headers().getAll("x-request-id")).containsExactly("mine-1");
      assertThat(leg(pod).headers().get("authorization")).isEqualTo("Bearer t");
    }
  }

  @Test
  void headersThatSteerRoutersNeverReachAnEngine() {
    pods.post(
        "d0",
        "/v1/completions",
        Prompts.plain(),
        "x-prefiller-host-port",
        "10.0.0.1:1",
        "x-tandem-leg",
        "prefill",
        "x-gateway-destination-endpoint",
        "10.0.0.1:1",
        "x-llm-d-x",
        "1",
        "x-data-parallel-rank",
        "7",
        "x-mine",
        "kept");
    for (String pod : new String[] {"p0", "d0"}) {
      MultiMap headers = leg(pod).headers();
      assertThat(headers.names())
          .noneMatch(name -> name.startsWith("x-tandem"))
          .noneMatch(name -> name.startsWith("x-gateway"))
          .noneMatch(name -> name.startsWith("x-llm-d"))
          .noneMatch(name -> name.startsWith("x-data-parallel"))
          .noneMatch(name -> name.equals("x-prefiller-host-port"));
      assertThat(headers.get("x-mine")).isEqualTo("kept");
    }
  }

  @Test
  void severalSequencesAreServedByOneEngine() {
    pods.post(
        "d0",
        "/v1/completions",
        "{\"model\":\"llama\",\"n\":2,\"prompt\":\"" + Prompts.LONG + "\"}");
    assertThat(pods.engine("p0").inferred()).isEmpty();
    assertThat(leg("d0").isDecodeLeg()).isFalse();
  }

  @Test
  void aMissingRequestIdIsCountedAndTheRestForwarded() {
    String params = StubEngine.PARAMS.replace("\"remote_request_id\":\"r-1\",", "");
    pods.engine("p0")
        .onInfer((seen, response) -> response.end("{\"kv_transfer_params\":" + params + "}"));
    assertThat(pods.post("d0", "/v1/completions", Prompts.plain()).statusCode()).isEqualTo(200);
    assertThat(leg("d0").isDecodeLeg()).isTrue();
    assertThat(leg("d0").body().path("kv_transfer_params").has("remote_request_id")).isFalse();
    assertThat(pods.metrics("d0")).contains("tandem_router_transfer_params_missing_total 1.0");
  }

  @Test
  void missingTransferParametersAreCountedAndTheRequestIsServed() {
    pods.engine("p0").onInfer((seen, response) -> response.end("{\"usage\":{}}"));
    assertThat(pods.post("d0", "/v1/completions", Prompts.plain()).statusCode()).isEqualTo(200);
    assertThat(leg("d0").body().has("kv_transfer_params")).isFalse();
    assertThat(pods.metrics("d0")).contains("tandem_router_transfer_params_missing_total 1.0");
  }
}
