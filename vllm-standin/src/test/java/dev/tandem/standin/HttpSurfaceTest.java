package dev.tandem.standin;

import static dev.tandem.standin.EngineFixture.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSurfaceTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String TEXT = "/v1/completions";

  private final EngineFixture engines = new EngineFixture();

  @AfterEach
  void stop() {
    engines.close();
  }

  @Test
  void aChatStreamIsFramedAsVllmFramesIt() throws Exception {
    Engine engine = engines.start("--stream-interval=100", "--served-model-name", "m");

    HttpResponse<String> response =
        engines.post(
            engine,
            CHAT,
            """
            {"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":3,"stream":true,
             "stream_options":{"include_usage":true},"seed":5}\
            """);

    assertThat(response.headers().firstValue("content-type"))
        .contains("text/event-stream; charset=utf-8");
    String id = response.body().replaceAll("(?s).*?\"id\":\"(chatcmpl-[^\"]+)\".*", "$1");
    assertThat(
            response
                .body()
                .replace(id, "ID")
                .replaceAll("\"created\":\\d+", "\"created\":1")
                .replaceAll("\"content\":\"[a-z]{3} \"", "\"content\":\"one\"")
                .replaceAll("\"content\":\"[a-z]{3} [a-z]{3} \"", "\"content\":\"two\""))
        .isEqualTo(
            """
            data: {"id":"ID","object":"chat.completion.chunk","created":1,"model":"m",\
            "choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,\
            "finish_reason":null}]}

            data: {"id":"ID","object":"chat.completion.chunk","created":1,"model":"m",\
            "choices":[{"index":0,"delta":{"content":"one"},"logprobs":null,\
            "finish_reason":null}]}

            data: {"id":"ID","object":"chat.completion.chunk","created":1,"model":"m",\
            "choices":[{"index":0,"delta":{"content":"two"},"logprobs":null,\
            "finish_reason":"length","stop_reason":null}]}

            data: {"id":"ID","object":"chat.completion.chunk","created":1,"model":"m",\
            "choices":[],"usage":{"prompt_tokens":6,"total_tokens":9,"completion_tokens":3}}

            data: [DONE]

            """);
  }

  @Test
  void aStreamWithoutUsageOptionHasNoUsageChunk() throws Exception {
    Engine engine = engines.start();

    String body =
        engines.post(engine, TEXT, "{\"prompt\":\"hi\",\"max_tokens\":2,\"stream\":true}").body();

    assertThat(body).doesNotContain("usage").endsWith("data: [DONE]\n\n");
  }

  @Test
  void aChatAnswerHasTheFieldsOfVllm() throws Exception {
    Engine engine = engines.start();

    JsonNode answer =
        engines.json(
            engine,
            CHAT,
            "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}");

    assertThat(answer.path("object").textValue()).isEqualTo("chat.completion");
    assertThat(answer.path("id").textValue()).startsWith("chatcmpl-");
    assertThat(answer.path("model").textValue()).isEqualTo("meta-llama/Llama-3.1-8B");
    assertThat(answer.path("choices").path(0).path("message").path("role").textValue())
        .isEqualTo("assistant");
    assertThat(answer.path("choices").path(0).path("finish_reason").textValue()).isEqualTo("stop");
    assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(128);
    assertThat(answer.path("kv_transfer_params").isNull()).isTrue();
  }

  @Test
  void theAnswerIsTheSameForTheSamePromptAndSeed() throws Exception {
    Engine engine = engines.start();
    Engine other = engines.start();
    String body = "{\"prompt\":\"Tell me\",\"max_tokens\":20,\"seed\":3}";

    assertThat(text(engines.json(engine, TEXT, body)))
        .isEqualTo(text(engines.json(other, TEXT, body)))
        .isNotEqualTo(text(engines.json(engine, TEXT, body.replace('3', '4'))));
  }

  @Test
  void completionsDefaultToSixteenTokens() throws Exception {
    Engine engine = engines.start();

    JsonNode answer = engines.json(engine, TEXT, "{\"prompt\":\"a\"}");

    assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(16);
  }

  @Test
  void aStopStringEndsTheTextBeforeIt() throws Exception {
    Engine engine = engines.start();
    String whole = text(engines.json(engine, TEXT, "{\"prompt\":\"Tell me\",\"max_tokens\":20}"));
    String fourth = whole.substring(12, 15);

    JsonNode answer =
        engines.json(
            engine,
            TEXT,
            "{\"prompt\":\"Tell me\",\"max_tokens\":20,\"stop\":[\"" + fourth + "\"]}");

    assertThat(text(answer)).isEqualTo(whole.substring(0, whole.indexOf(fourth)));
    assertThat(answer.path("choices").path(0).path("finish_reason").textValue()).isEqualTo("stop");
    assertThat(answer.path("choices").path(0).path("stop_reason").textValue()).isEqualTo(fourth);
  }

  @Test
  void severalPromptsAndChoicesAreAnsweredInOrder() throws Exception {
    Engine engine = engines.start();

    JsonNode answer =
        engines.json(
            engine, TEXT, "{\"prompt\":[\"one\",\"two\"],\"n\":2,\"max_tokens\":4,\"echo\":true}");

    assertThat(answer.path("choices")).hasSize(4);
    assertThat(answer.path("choices").path(2).path("text").textValue()).startsWith("two");
    assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(2);
    assertThat(answer.path("usage").path("completion_tokens").intValue()).isEqualTo(16);
  }

  @Test
  void cachedTokensAreReportedWhenAskedFor() throws Exception {
    Engine engine = engines.start("--enable-prompt-tokens-details");
    String body = "{\"prompt\":\"" + "word".repeat(100) + "\",\"max_tokens\":1}";

    assertThat(cachedTokens(engines.json(engine, TEXT, body))).isZero();
    assertThat(cachedTokens(engines.json(engine, TEXT, body))).isEqualTo(96);
    assertThat(engines.metric(engine, "vllm:prefix_cache_hits_total")).isEqualTo(96);
    assertThat(engines.metric(engine, "vllm:prefix_cache_queries_total")).isEqualTo(200);
  }

  @Test
  void aCacheSaltSeparatesTenants() throws Exception {
    Engine engine = engines.start("--enable-prompt-tokens-details");
    String body = "{\"prompt\":\"" + "word".repeat(100) + "\",\"cache_salt\":\"a\"}";
    engines.json(engine, TEXT, body);

    assertThat(cachedTokens(engines.json(engine, TEXT, body.replace("\"a\"", "\"b\"")))).isZero();
    assertThat(cachedTokens(engines.json(engine, TEXT, body))).isEqualTo(96);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/health", "/ping", "/healthz", "/readyz"})
  void aLivingEngineIsHealthy(String path) throws Exception {
    HttpResponse<String> response = engines.get(engines.start(), path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void modelsListsServedNamesAndAdapters() throws Exception {
    Engine engine =
        engines.start(
            "--served-model-name", "a", "b", "--enable-lora", "--lora-modules", "ad=/path");

    JsonNode models = JSON.readTree(engines.get(engine, "/v1/models").body());

    assertThat(models.path("data").findValuesAsText("id")).containsExactly("a", "b", "ad");
    assertThat(models.path("data").path(2).path("parent").textValue()).isEqualTo("a");
    assertThat(models.path("data").path(0).path("max_model_len").intValue()).isEqualTo(131_072);
  }

  @Test
  void tokensGoToTextAndBack() throws Exception {
    Engine engine = engines.start();

    JsonNode tokens = engines.json(engine, "/tokenize", "{\"prompt\":\"hello wörld\"}");
    JsonNode text =
        engines.json(engine, "/detokenize", "{\"tokens\":" + tokens.path("tokens") + "}");

    assertThat(tokens.path("count").intValue()).isEqualTo(3);
    assertThat(text.path("prompt").textValue()).isEqualTo("hello wörld");
  }

  @Test
  void theExpositionHasTheNamesOfVllm() throws Exception {
    Engine engine = engines.start();
    engines.json(engine, TEXT, "{\"prompt\":\"a\"}");

    String text = engines.get(engine, "/metrics").body();

    for (String name :
        List.of(
            "vllm:num_requests_running{",
            "vllm:num_requests_waiting{",
            "vllm:num_requests_waiting_by_reason{",
            "vllm:kv_cache_usage_perc{",
            "vllm:prefix_cache_queries_total{",
            "vllm:prompt_tokens_total{",
            "vllm:generation_tokens_total{",
            "vllm:time_to_first_token_seconds_bucket{",
            "vllm:inter_token_latency_seconds_sum{",
            "vllm:e2e_request_latency_seconds_count{",
            "vllm:request_queue_time_seconds_count{",
            "vllm:request_prefill_time_seconds_count{",
            "vllm:nixl_xfer_time_seconds_count{",
            "vllm:nixl_post_time_seconds_count{",
            "vllm:nixl_bytes_transferred_count{",
            "vllm:nixl_num_descriptors_count{",
            "vllm:nixl_num_failed_transfers_total{",
            "vllm:nixl_num_kv_expired_reqs_total{")) {
      assertThat(text.lines()).as(name).anyMatch(line -> line.startsWith(name));
    }
    assertThat(text)
        .contains("vllm:cache_config_info{block_size=\"16\"")
        .contains("num_gpu_blocks=\"32000\"")
        .contains("finished_reason=\"length\",model_name=\"meta-llama/Llama-3.1-8B\"} 1.0")
        .contains("# TYPE vllm:kv_cache_usage_perc gauge");
  }

  @Test
  void anUnknownModelIsNotFound() throws Exception {
    HttpResponse<String> response =
        engines.post(engines.start(), TEXT, "{\"model\":\"x\",\"prompt\":\"a\"}");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(response.body()))
        .isEqualTo(
            JSON.readTree(
                """
                {"error":{"message":"The model `x` does not exist.","type":"NotFoundError",
                "param":"model","code":404}}\
                """));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"prompt\":                                           | body",
        "[1]                                                    | body",
        "{\"prompt\":\"a\"} trailing                            | body",
        "{\"prompt\":7}                                         | prompt",
        "{\"prompt\":\"\"}                                      | prompt",
        "{\"prompt\":[1,-1]}                                    | prompt",
        "{}                                                     | prompt",
        "{\"prompt\":\"a\",\"max_tokens\":0}                    | max_tokens",
        "{\"prompt\":\"a\",\"max_tokens\":\"9\"}                | max_tokens",
        "{\"prompt\":\"a\",\"max_tokens\":200000}               | input_tokens",
        "{\"prompt\":\"a\",\"model\":3}                         | model",
        "{\"prompt\":\"a\",\"stream\":\"yes\"}                  | stream",
        "{\"prompt\":\"a\",\"stream_options\":{}}               | stream_options",
        "{\"prompt\":\"a\",\"n\":0}                             | n",
        "{\"prompt\":\"a\",\"n\":100000}                        | n",
        "{\"prompt\":\"a\",\"stop\":[1]}                        | stop",
        "{\"prompt\":\"a\",\"temperature\":-1}                  | temperature",
        "{\"prompt\":\"a\",\"logprobs\":1}                      | logprobs",
        "{\"prompt\":\"a\",\"cache_salt\":\"\"}                 | cache_salt",
        "{\"prompt\":\"a\",\"kv_transfer_params\":[]}           | kv_transfer_params"
      })
  void aBadBodyIsRefusedAndTheFieldNamed(String body, String param) throws Exception {
    Engine engine = engines.start();

    HttpResponse<String> response = engines.post(engine, TEXT, body);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = JSON.readTree(response.body()).path("error");
    assertThat(error.path("param").textValue()).isEqualTo(param);
    assertThat(error.path("code").intValue()).isEqualTo(400);
    assertThat(error.path("message").textValue()).isNotBlank();
    assertThat(
            engines.metric(
                engine,
                "http_requests_total{handler=\"/v1/completions\",method=\"POST\","
                    + "status=\"4xx\"}"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"messages\":[]}",
        "{\"messages\":\"a\"}",
        "{\"messages\":[1]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":5}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}"
      })
  void badMessagesAreRefused(String body) throws Exception {
    assertThat(engines.post(engines.start(), CHAT, body).statusCode()).isEqualTo(400);
  }

  @Test
  void anOversizedBodyIsRefusedAndTheEngineGoesOn() throws Exception {
    Engine engine = engines.start("--standin-max-body-bytes=1000");

    assertThat(engines.post(engine, TEXT, "{\"prompt\":\"" + "a".repeat(5000) + "\"}").statusCode())
        .isEqualTo(413);
    assertThat(
            engines.metric(
                engine,
                "http_requests_total{handler=\"/v1/completions\",method=\"POST\","
                    + "status=\"4xx\"}"))
        .isEqualTo(1);
    assertThat(engines.post(engine, TEXT, "{\"prompt\":\"a\"}").statusCode()).isEqualTo(200);
  }

  @Test
  void deepNestingIsRefused() throws Exception {
    assertThat(
            engines
                .post(engines.start(), TEXT, "{\"prompt\":" + "[".repeat(5000) + "]".repeat(5000))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void unknownPathsAndMethodsAnswerAsFastApiDoes() throws Exception {
    Engine engine = engines.start();

    assertThat(engines.get(engine, "/nope").body()).isEqualTo("{\"detail\":\"Not Found\"}");
    HttpResponse<String> wrongMethod = engines.get(engine, TEXT);
    assertThat(wrongMethod.statusCode()).isEqualTo(405);
    assertThat(wrongMethod.body()).isEqualTo("{\"detail\":\"Method Not Allowed\"}");
  }

  @Test
  void apiKeysGuardV1Alone() throws Exception {
    Engine engine = engines.start("--api-key", "secret");

    assertThat(engines.get(engine, "/v1/models").statusCode()).isEqualTo(401);
    assertThat(engines.get(engine, "/health").statusCode()).isEqualTo(200);
  }

  @Test
  void moreThanTheBoundOfWaitingRequestsAreAnswered503() throws Exception {
    Engine engine = engines.start("--standin-max-waiting=3");

    HttpResponse<String> response = engines.post(engine, TEXT, "{\"prompt\":\"a\",\"n\":4}");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("ServiceUnavailableError");
  }

  private static String text(JsonNode answer) {
    return answer.path("choices").path(0).path("text").textValue();
  }

  private static int cachedTokens(JsonNode answer) {
    return answer.path("usage").path("prompt_tokens_details").path("cached_tokens").intValue();
  }
}
