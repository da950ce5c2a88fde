package dev.tandem.router.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTextTest {

  private static final String WHOLE =
      """
      # HELP vllm:num_requests_running Number of requests in model execution batches.
      # TYPE vllm:num_requests_running gauge
      vllm:num_requests_running{engine="0",model_name="a}b\\"c"} 3.0
      vllm:num_requests_running{engine="1",model_name="a}b\\"c"} 4.0 1790000000000
      vllm:num_requests_waiting{engine="0",model_name="m"} 2.0
      vllm:num_requests_waiting_by_reason{engine="0",model_name="m",reason="capacity"} 2.0
      vllm:kv_cache_usage_perc{engine="0",model_name="m"} 0.25
      vllm:kv_cache_usage_perc{engine="1",model_name="m"} 0.75
      vllm:prompt_tokens_total{engine="0",model_name="m"} 1.5e+06
      vllm:cache_config_info{block_size="16",cache_dtype="auto",engine="0",num_cpu_blocks="None",num_gpu_blocks="62500"} 1.0
      vllm:engine_sleep_state{engine="0",model_name="m",sleep_state="awake"} 1.0
      vllm:engine_sleep_state{engine="0",model_name="m",sleep_state="discard_all"} 0.0
      vllm:nixl_xfer_time_seconds_bucket{engine="0",model_name="m",le="0.005"} 1.0
      vllm:nixl_xfer_time_seconds_count{engine="0",model_name="m"} 2.0
      vllm:nixl_xfer_time_seconds_sum{engine="0",model_name="m"} 0.5
      vllm:nixl_post_time_seconds_sum{engine="0",model_name="m"} 0.125
      vllm:nixl_bytes_transferred_sum{engine="0",model_name="m"} 1e9
      vllm:nixl_num_descriptors_sum{engine="0",model_name="m"} 4096
      """;

  private static EngineSample read(String text) {
    return new MetricsText().read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void whatARouterWantsIsRead() {
    assertThat(read(WHOLE))
        .isEqualTo(
            new EngineSample(
                7,
                2,
                0.75,
                62_500,
                16,
                0,
                1_500_000,
                new TransferTotals(2, 0.5, 0.125, 1e9, 4096),
                2,
                0));
  }

  @Test
  void anEngineThatSleepsSaysSo() {
    String asleep =
        """
        vllm:engine_sleep_state{sleep_state="awake"} 0.0
        vllm:engine_sleep_state{sleep_state="weights_offloaded"} 1.0
        """;
    assertThat(read(asleep).asleep()).isEqualTo(1);
  }

  @Test
  void ranksAreThoseFromTheFirstToTheLast() {
    assertThat(read("vllm:num_requests_running{engine=\"5\"} 1\n").ranks()).isEqualTo(1);
    assertThat(
            read("""
            vllm:num_requests_running{engine="3",model_name="m"} 1
            vllm:num_requests_running{engine="4",model_name="m"} 1
            """)
                .ranks())
        .isEqualTo(2);
    assertThat(read("vllm:num_requests_running{engine=\"x\"} 1\n").ranks()).isZero();
  }

  @Test
  void theOlderNameOfTheUsageIsReadToo() {
    assertThat(read("vllm:gpu_cache_usage_perc{model_name=\"m\"} 0.5").kvUsage()).isEqualTo(0.5);
  }

  @Test
  void whatIsMissingIsNotANumber() {
    EngineSample sample = read("vllm:num_requests_running 1.0\n");
    assertThat(sample.usable()).isFalse();
    assertThat(sample.waiting()).isNaN();
    assertThat(sample.kvUsage()).isNaN();
    assertThat(sample.blocks()).isNaN();
    assertThat(sample.asleep()).isNaN();
    assertThat(sample.bad()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vllm:num_requests_running NaN",
        "vllm:num_requests_running -1",
        "vllm:num_requests_running +Inf",
        "vllm:num_requests_running 1e300",
        "vllm:num_requests_running ",
        "vllm:num_requests_running{a=\"b",
        "vllm:kv_cache_usage_perc 1.5",
        "vllm:cache_config_info{num_gpu_blocks=\"None\",block_size=\"16\"} 1.0",
        "vllm:nixl_bytes_transferred_sum NaN"
      })
  void aValueThatCannotBeIsCounted(String line) {
    assertThat(read(line).bad()).isEqualTo(1);
  }

  @Test
  void noBytesMakeItFail() {
    fuzz(4711, 5_000);
  }

  static void fuzz(long seed, int rounds) {
    Random random = new Random(seed);
    byte[] good = WHOLE.getBytes(StandardCharsets.UTF_8);
    MetricsText text = new MetricsText();
    EngineWatch watch = new EngineWatch(new Told());
    for (int i = 0; i < rounds; i++) {
      byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int changes = random.nextInt(12); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] =
            (byte)
                (random.nextBoolean()
                    ? random.nextInt(256)
                    : "0123456789eE+-.{}\"\n ,".charAt(random.nextInt(21)));
      }
      try {
        watch.read(text.read(bytes));
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + " round " + i, e);
      }
    }
  }
}
