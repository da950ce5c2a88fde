package dev.tandem.standin;

import static dev.tandem.standin.EngineFixture.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two engines in one JVM that talk over real HTTP and ZMQ. */
class PrefillDecodeTest {
  private static final String PRODUCER =
      "--kv-transfer-config={\"kv_connector\":\"NixlConnector\",\"kv_role\":\"kv_producer\"}";
  private static final String CONSUMER =
      "--kv-transfer-config={\"kv_connector\":\"NixlConnector\",\"kv_role\":\"kv_consumer\"}";
  private static final String RECOMPUTING =
      "--kv-transfer-config={\"kv_connector\":\"NixlConnector\",\"kv_role\":\"kv_consumer\","
          + "\"kv_load_failure_policy\":\"recompute\"}";
  private static final String QUICK = "--standin-side-channel-timeout-seconds=0.3";

  /** 1000 tokens by the four-byte rule. */
  private static final String PROMPT = "abc ".repeat(1000);

  private final EngineFixture engines = new EngineFixture();

  @AfterEach
  void stop() {
    engines.close();
  }

  @Test
  void theProducerAnswersOneTokenAndWhereItsBlocksAre() throws Exception {
    Engine p = engines.start(PRODUCER, "--tensor-parallel-size", "2");

    JsonNode answer = prefill(p);

    JsonNode params = answer.path("kv_transfer_params");
    assertThat(params.fieldNames())
        .toIterable()
        .containsExactly(
            "do_remote_prefill",
            "do_remote_decode",
            "remote_block_ids",
            "remote_engine_id",
            "remote_request_id",
            "remote_host",
            "remote_port",
            "tp_size",
            "remote_num_tokens",
            "remote_blocks_expiry_time",
            "transfer_mode");
    assertThat(params.path("do_remote_prefill").booleanValue()).isTrue();
    assertThat(params.path("do_remote_decode").booleanValue()).isFalse();
    assertThat(params.path("remote_block_ids").path(0)).hasSize(63);
    assertThat(params.path("remote_engine_id").textValue()).isEqualTo(p.engineId());
    assertThat(params.path("remote_port").intValue()).isEqualTo(p.sideChannelPort());
    assertThat(params.path("tp_size").intValue()).isEqualTo(2);
    assertThat(params.path("remote_num_tokens").intValue()).isEqualTo(1000);
    assertThat(params.path("transfer_mode").textValue()).isEqualTo("pull");
    assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(1);
    assertThat(answer.path("choices").path(0).path("finish_reason").textValue())
        .isEqualTo("length");
  }

  @Test
  void theDecodeEnginePullsTheBlocksAndDoesNotPrefill() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER, "--enable-prompt-tokens-details");
    JsonNode params = prefill(p).path("kv_transfer_params");

    JsonNode answer = decode(d, params);

    assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(8);
    assertThat(answer.path("usage").path("prompt_tokens_details").path("cached_tokens").intValue())
        .isEqualTo(999);
    assertThat(engines.metric(d, "vllm:nixl_bytes_transferred_sum")).isEqualTo(63 * 16 * 131_072.0);
    assertThat(engines.metric(d, "vllm:nixl_num_descriptors_sum")).isEqualTo(63 * 32.0);
    assertThat(engines.metric(d, "vllm:nixl_xfer_time_seconds_count")).isEqualTo(1);
    assertThat(engines.metric(d, "vllm:external_prefix_cache_hits_total")).isEqualTo(1000);
    assertThat(
            engines.metric(
                d,
                "vllm:prompt_tokens_by_source_total{engine=\"0\",model_name="
                    + "\"meta-llama/Llama-3.1-8B\",source=\"local_compute\"}"))
        .isEqualTo(1);
    assertThat(engines.metric(p, "vllm:kv_cache_usage_perc")).isZero();
    assertThat(engines.metric(p, "vllm:nixl_num_kv_expired_reqs_total")).isZero();
  }

  @Test
  void theProducerHoldsItsBlocksUntilTheyWereRead() throws Exception {
    Engine p = engines.start(PRODUCER);

    prefill(p);

    assertThat(engines.metric(p, "vllm:kv_cache_usage_perc")).isEqualTo(63 / 32_000.0);
  }

  @Test
  void aLeaseNobodyUsesRunsOut() throws Exception {
    Engine p =
        engines.start(
            PRODUCER, "--kv-transfer-config.kv_connector_extra_config." + "kv_lease_duration=0.05");

    prefill(p);

    engines.awaitMetric(p, "vllm:nixl_num_kv_expired_reqs_total", 1);
    assertThat(engines.metric(p, "vllm:kv_cache_usage_perc")).isZero();
  }

  @Test
  void bothEnginesSayTheSameFirstToken() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    JsonNode prefilled = prefill(p);

    JsonNode answer = decode(d, prefilled.path("kv_transfer_params"));

    assertThat(answer.path("choices").path(0).path("text").textValue())
        .startsWith(prefilled.path("choices").path(0).path("text").textValue());
  }

  @Test
  void blocksTheDecodeEngineHasAreNotTransferredAgain() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    decode(d, prefill(p).path("kv_transfer_params"));
    double first = engines.metric(d, "vllm:nixl_bytes_transferred_sum");

    decode(d, prefill(p).path("kv_transfer_params"));

    // 1000 tokens are 62 full blocks and a partial one, which is not found again
    assertThat(engines.metric(d, "vllm:nixl_bytes_transferred_sum") - first)
        .isEqualTo(16 * 131_072.0);
  }

  @Test
  void aStreamIsServedFromPulledBlocksToo() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    ObjectNode body = body(4);
    body.put("stream", true);
    body.set("kv_transfer_params", prefill(p).path("kv_transfer_params"));

    List<String> lines =
        engines
            .lines(d, "/v1/completions", body.toString())
            .body()
            .filter(line -> !line.isEmpty())
            .toList();

    assertThat(lines).last().isEqualTo("data: [DONE]");
    assertThat(lines).anyMatch(line -> line.contains("\"finish_reason\":\"length\""));
    assertThat(engines.metric(d, "vllm:nixl_xfer_time_seconds_count")).isEqualTo(1);
  }

  @Test
  void missingFieldsMeanASilentLocalPrefill() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    ObjectNode params = (ObjectNode) prefill(p).path("kv_transfer_params");
    params.remove("remote_request_id");

    JsonNode answer = decode(d, params);

    assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(8);
    assertThat(engines.metric(d, "vllm:nixl_xfer_time_seconds_count")).isZero();
  }

  @Test
  void aDeadProducerIsAnInternalServerError() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER, QUICK);
    JsonNode params = prefill(p).path("kv_transfer_params");
    p.close();

    HttpResponse<String> answer = tryDecode(d, params);

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(JSON.readTree(answer.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"error":{"message":"Internal server error","type":"InternalServerError",
                "param":null,"code":500}}\
                """));
    assertThat(engines.metric(d, "vllm:nixl_num_failed_transfers_total")).isEqualTo(1);
    assertThat(engines.metric(d, "vllm:kv_cache_usage_perc")).isZero();
  }

  @Test
  void aStreamWhosePullFailsEndsWithAnErrorEvent() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER, QUICK);
    ObjectNode body = body(4);
    body.put("stream", true);
    body.set("kv_transfer_params", prefill(p).path("kv_transfer_params"));
    p.close();

    List<String> lines =
        engines
            .lines(d, "/v1/completions", body.toString())
            .body()
            .filter(line -> !line.isEmpty())
            .toList();

    assertThat(lines).hasSize(2).last().isEqualTo("data: [DONE]");
    assertThat(lines.getFirst()).contains("\"InternalServerError\"");
  }

  @Test
  void withPolicyRecomputeTheDecodeEnginePrefillsForADeadProducer() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(RECOMPUTING, QUICK);
    JsonNode params = prefill(p).path("kv_transfer_params");
    p.close();

    HttpResponse<String> answer = tryDecode(d, params);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(engines.metric(d, "vllm:nixl_num_failed_transfers_total")).isEqualTo(1);
  }

  @Test
  void blocksThatWereReadCannotBeReadAgain() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    JsonNode params = prefill(p).path("kv_transfer_params");
    decode(d, params);

    assertThat(tryDecode(d, params).statusCode()).isEqualTo(500);
  }

  @Test
  void anEngineThatRestartedOnTheSamePortIsNotTakenForTheOldOne() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    ObjectNode params = (ObjectNode) prefill(p).path("kv_transfer_params");
    params.put("remote_engine_id", "an-earlier-start");

    assertThat(tryDecode(d, params).statusCode()).isEqualTo(500);
  }

  @Test
  void enginesThatDifferInTheirCacheTypeDoNotPair() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER, "--kv-cache-dtype=fp8");

    assertThat(tryDecode(d, prefill(p).path("kv_transfer_params")).statusCode()).isEqualTo(500);
  }

  @Test
  void compatibilityIsNotCheckedWhenSwitchedOff() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d =
        engines.start(
            CONSUMER,
            "--kv-cache-dtype=fp8",
            "--kv-transfer-config.kv_connector_extra_config.enforce_handshake_compat=false");

    assertThat(tryDecode(d, prefill(p).path("kv_transfer_params")).statusCode()).isEqualTo(200);
  }

  @Test
  void aRefusedDecodeRequestFreesTheProducersBlocks() throws Exception {
    Engine p = engines.start(PRODUCER);
    Engine d = engines.start(CONSUMER);
    ObjectNode body = body(4);
    body.put("model", "no-such-model");
    body.set("kv_transfer_params", prefill(p).path("kv_transfer_params"));

    assertThat(engines.post(d, "/v1/completions", body.toString()).statusCode()).isEqualTo(404);

    engines.awaitMetric(p, "vllm:kv_cache_usage_perc", 0);
    assertThat(engines.metric(p, "vllm:nixl_num_kv_expired_reqs_total")).isZero();
  }

  @Test
  void theTimeOfATransferFollowsFromTheTwoPlaces() throws Exception {
    String near = "--standin-locality=zone=z@3.1/tcp,nvlink=n@450/mnnvl";
    Engine p = engines.start(PRODUCER, near);
    Engine sameDomain = engines.start(CONSUMER, near);
    Engine sameZone = engines.start(CONSUMER, "--standin-locality=zone=z@3.1/tcp");

    decode(sameDomain, prefill(p).path("kv_transfer_params"));
    decode(sameZone, prefill(p).path("kv_transfer_params"));

    double bytes = 63 * 16 * 131_072.0;
    double descriptors = 63 * 32;
    assertThat(engines.metric(sameDomain, "vllm:nixl_xfer_time_seconds_sum") * 1000)
        .isCloseTo(500e-6 + descriptors * 0.17e-6 + bytes / (450e9 * 0.8), within());
    assertThat(engines.metric(sameZone, "vllm:nixl_xfer_time_seconds_sum") * 1000)
        .isCloseTo(1200e-6 + descriptors * 0.17e-6 + bytes / (3.1e9 * 0.5), within());
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-9);
  }

  private JsonNode prefill(Engine p) throws Exception {
    ObjectNode body = body(1);
    body.putObject("kv_transfer_params")
        .put("do_remote_decode", true)
        .put("do_remote_prefill", false)
        .putNull("remote_engine_id")
        .putNull("remote_block_ids")
        .putNull("remote_host")
        .putNull("remote_port");
    return engines.json(p, "/v1/completions", body.toString());
  }

  private JsonNode decode(Engine d, JsonNode params) throws Exception {
    HttpResponse<String> response = tryDecode(d, params);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> tryDecode(Engine d, JsonNode params) throws Exception {
    ObjectNode body = body(8);
    body.set("kv_transfer_params", params);
    return engines.post(d, "/v1/completions", body.toString());
  }

  private static ObjectNode body(int maxTokens) {
    return JSON.createObjectNode().put("prompt", PROMPT).put("max_tokens", maxTokens);
  }
}
