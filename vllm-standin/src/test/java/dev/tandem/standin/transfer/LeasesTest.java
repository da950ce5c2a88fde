package dev.tandem.standin.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.standin.cache.BlockCache;
import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.cache.Hold;
import dev.tandem.standin.metrics.EngineMetrics;
import dev.tandem.standin.schedule.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private static final KvTransferConfig CONFIG =
      new KvTransferConfig(null, "kv_both", false, Duration.ofSeconds(30), true, false);

  private final VirtualTime time = new VirtualTime();
  private final EngineMetrics metrics = new EngineMetrics("model", 0);
  private final BlockCache cache = new BlockCache(100, true, event -> {});
  private final Leases leases = new Leases("engine-1", CONFIG, time, metrics);
  private int freed;

  @BeforeEach
  void oneRequestHasBeenPrefilled() {
    Hold hold =
        Objects.requireNonNull(
            cache.admit(new BlockHasher(16, "0").prompt(new int[160], null, null)));
    hold.complete();
    leases.onFreed(() -> freed++);
    leases.keep("r1", hold);
  }

  @Test
  void blocksAreHeldUntilTheyWereRead() {
    assertThat(leases.beginRead("engine-1", "r1")).isEqualTo(new PeerReply.Ok(0));
    assertThat(cache.held()).isEqualTo(10);

    assertThat(leases.readDone("engine-1", "r1")).isEqualTo(new PeerReply.Ok(0));

    assertThat(cache.held()).isZero();
    assertThat(freed).isEqualTo(1);
    assertThat(expired()).isEqualTo("0.0");
  }

  @Test
  void aLeaseRunsOutAfterThirtySecondsAndIsCounted() {
    time.advanceMillis(29_999);
    assertThat(cache.held()).isEqualTo(10);

    time.advanceMillis(2);

    assertThat(cache.held()).isZero();
    assertThat(freed).isEqualTo(1);
    assertThat(expired()).isEqualTo("1.0");
    assertThat(leases.beginRead("engine-1", "r1")).isInstanceOf(PeerReply.Gone.class);
  }

  @Test
  void aHeartbeatExtendsTheLeaseToTwentySecondsFromNow() {
    time.advanceMillis(25_000);
    leases.heartbeat("engine-1", "r1");

    time.advanceMillis(19_999);
    assertThat(leases.count()).isEqualTo(1);
    time.advanceMillis(2);
    assertThat(leases.count()).isZero();
  }

  @Test
  void anEarlyHeartbeatDoesNotShortenTheLease() {
    leases.heartbeat("engine-1", "r1");

    time.advanceMillis(29_999);

    assertThat(leases.count()).isEqualTo(1);
  }

  @Test
  void aRestartedEngineKnowsNothingOfItsPredecessorsRequests() {
    assertThat(leases.beginRead("engine-0", "r1"))
        .isEqualTo(new PeerReply.Gone("engine engine-0 is not here, this is engine engine-1"));
    assertThat(leases.readDone("engine-0", "r1")).isInstanceOf(PeerReply.Gone.class);
    assertThat(leases.heartbeat("engine-0", "r1")).isInstanceOf(PeerReply.Gone.class);
    assertThat(leases.count()).isEqualTo(1);
  }

  @Test
  void blocksCanBeReadOnce() {
    leases.readDone("engine-1", "r1");

    assertThat(leases.readDone("engine-1", "r1"))
        .isEqualTo(new PeerReply.Gone("no blocks are held for request r1"));
  }

  private String expired() {
    return new String(metrics.scrape(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("vllm:nixl_num_kv_expired_reqs_total"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("absent");
  }
}
