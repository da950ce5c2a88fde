package dev.tandem.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.events.EventEncoding;
import dev.tandem.standin.flags.UsageError;
import dev.tandem.standin.http.FaultPlan;
import dev.tandem.standin.schedule.TimeModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineConfigTest {
  @Test
  void defaultsAreThoseOfVllmAndOfTheTimeModel() {
    EngineConfig config = parse();

    assertThat(config.serving().host()).isEqualTo("0.0.0.0");
    assertThat(config.serving().port()).isEqualTo(8000);
    assertThat(config.serving().streamInterval()).isEqualTo(1);
    assertThat(config.serving().promptTokensDetails()).isFalse();
    assertThat(config.model().path()).isEqualTo("Qwen/Qwen3-0.6B");
    assertThat(config.time()).isEqualTo(new TimeModel(8000, 0.010, 0.025, 1));
    assertThat(config.cache())
        .isEqualTo(new EngineConfig.Cache(32_000, 16, true, "sha256", BlockHasher.DEFAULT_SEED));
    assertThat(config.maxNumSeqs()).isEqualTo(128);
    assertThat(config.transfer()).isNull();
    assertThat(config.events()).isNull();
    assertThat(config.sideChannel())
        .isEqualTo(new EngineConfig.SideChannelAddress("localhost", 5600, Duration.ofSeconds(5)));
    assertThat(config.fault()).isEqualTo(FaultPlan.NONE);
  }

  @Test
  void theArgumentsTheWebhookInjectsAreUnderstood() {
    EngineConfig config =
        EngineConfig.parse(
            List.of(
                "serve",
                "meta-llama/Llama-3.1-8B",
                "--served-model-name=llama",
                "--port",
                "8200",
                "--kv-transfer-config",
                "{\"kv_connector\":\"NixlConnector\",\"kv_role\":\"kv_producer\","
                    + "\"kv_load_failure_policy\":\"fail\"}",
                "--kv-events-config",
                "{\"enable_kv_cache_events\":true,\"publisher\":\"zmq\","
                    + "\"endpoint\":\"tcp://127.0.0.7:5557\","
                    + "\"replay_endpoint\":\"tcp://127.0.0.7:5558\",\"topic\":\"kv@127.0.0.7@llama\"}",
                "--enable-prompt-tokens-details",
                "--enable-request-id-headers"),
            Map.of(
                "POD_IP", "127.0.0.7",
                "VLLM_NIXL_SIDE_CHANNEL_HOST", "127.0.0.7",
                "VLLM_NIXL_SIDE_CHANNEL_PORT", "5600",
                "VLLM_HOST_IP", "127.0.0.7",
                "PYTHONHASHSEED", "0"));

    assertThat(config.serving().host()).isEqualTo("127.0.0.7");
    assertThat(config.serving().port()).isEqualTo(8200);
    assertThat(config.model().servedNames()).containsExactly("llama");
    assertThat(Objects.requireNonNull(config.transfer()).role()).isEqualTo("kv_producer");
    assertThat(config.transfer().recomputeOnLoadFailure()).isFalse();
    assertThat(Objects.requireNonNull(config.events()).bind()).isFalse();
    assertThat(config.events().encoding()).isEqualTo(EventEncoding.MAP);
    assertThat(config.events().replayEndpoint()).isEqualTo("tcp://127.0.0.7:5558");
    assertThat(config.cache().hashSeed()).isEqualTo("0");
    assertThat(config.sideChannel().host()).isEqualTo("127.0.0.7");
  }

  @Test
  void wildcardEndpointsAreBoundOnTheAddressOfALocalPod() {
    EngineConfig config =
        EngineConfig.parse(
            List.of("--kv-events-config.enable_kv_cache_events=true", "--data-parallel-rank", "2"),
            Map.of("POD_IP", "127.0.0.7"));

    assertThat(Objects.requireNonNull(config.events()).endpoint())
        .isEqualTo("tcp://127.0.0.7:5559");
    assertThat(config.events().bind()).isTrue();
    assertThat(config.sideChannel().port()).isEqualTo(5602);
  }

  @Test
  void anAddressOnTheNetworkDoesNotNarrowWhatTheEngineListensOn() {
    assertThat(EngineConfig.parse(List.of(), Map.of("POD_IP", "10.1.2.3")).serving().host())
        .isEqualTo("0.0.0.0");
  }

  @Test
  void flagsComeInEveryFormArgparseTakes() {
    EngineConfig config =
        parse(
            "vllm",
            "serve",
            "some/model",
            "-tp",
            "2",
            "--max_num_seqs=7",
            "--max-model-len",
            "8k",
            "--no-enable-prefix-caching",
            "--port",
            "1",
            "--port=2",
            "--kv-transfer-config.kv_connector",
            "NixlConnector",
            "--kv-transfer-config.kv_role=kv_both",
            "--kv-transfer-config.kv_connector_extra_config.backends+",
            "UCX");

    assertThat(config.model().path()).isEqualTo("some/model");
    assertThat(config.model().tensorParallel()).isEqualTo(2);
    assertThat(config.model().maxModelLen()).isEqualTo(8000);
    assertThat(config.maxNumSeqs()).isEqualTo(7);
    assertThat(config.cache().prefixCaching()).isFalse();
    assertThat(config.serving().port()).isEqualTo(2);
    assertThat(Objects.requireNonNull(config.transfer()).role()).isEqualTo("kv_both");
  }

  @Test
  void aBlockSizeChangesTheNumberOfBlocksNotTheTokens() {
    assertThat(parse("--block-size=64", "--standin-cache-blocks=100").cache().blocks())
        .isEqualTo(25);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--nope                                          | unrecognized arguments: --nope",
        "a b                                             | unrecognized arguments: b",
        "--port                                          | argument --port: expected one argument",
        "--port --host                                   | argument --port: expected one argument",
        "--port x                                        | invalid int value: 'x'",
        "--port 70000                                    | accepted: 0 to 65535",
        "--enable-lora=1                                 | ignored explicit argument '1'",
        "--standin-speed-up 0                            | speedUp is 0.0, must be above 0",
        "--standin-fault melt                            | accepted: none, 500, hang",
        "--standin-fault cut                             | accepted: none, 500, hang",
        "--standin-kv-event-encoding xml                 | accepted: map, array",
        "--prefix-caching-hash-algo md5                  | invalid choice: 'md5'",
        "--lora-modules x=y                              | needs --enable-lora",
        "--kv-transfer-config [1]                        | is not a JSON object",
        "--kv-transfer-config {                          | cannot be converted to JSON",
        "--kv-transfer-config {\"a\":1}                  | unknown key a, accepted: enable_permute",
        "--kv-transfer-config.kv_connector P2p           | has no connector 'P2p'",
        "--kv-transfer-config.kv_connector NixlConnector | specify kv_role",
        "--kv-events-config {\"port\":1}                 | unknown key port, accepted: buffer_steps",
        "--kv-events-config {\"topic\":1}                | topic is 1, accepted: a string",
        "--kv-events-config {\"endpoint\":\"here\"}      | accepted: tcp://host:port"
      })
  void whatVllmWouldRefuseIsRefusedWithAReason(String args, String message) {
    assertThatThrownBy(() -> parse(args.split(" ")))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining(message);
  }

  @Test
  void aServiceLinkUrlInVllmPortAborts() {
    assertThatThrownBy(
            () -> EngineConfig.parse(List.of(), Map.of("VLLM_PORT", "tcp://10.0.0.1:8000")))
        .isInstanceOf(UsageError.class)
        .hasMessageContaining("appears to be a URI");
  }

  private static EngineConfig parse(String... args) {
    return EngineConfig.parse(List.of(args), Map.of());
  }
}
