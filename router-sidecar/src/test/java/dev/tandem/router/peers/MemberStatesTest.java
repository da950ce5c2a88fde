package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.EngineLoad;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.index.MixedIndex;
import dev.tandem.router.index.PrefixIndex;
import dev.tandem.router.index.Tier;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MemberStatesTest {

  private static final Peer PEER =
      new Peer("p", "127.0.0.1", 8201, Peer.Kind.SIDECAR, Role.BOTH, null, null, null);
  private static final long[] PROMPT = LongStream.rangeClosed(1, 9).toArray();

  private final PrefixIndex index = new MixedIndex(31_250);
  private final Pool pool = new Pool(null, List.of());
  private final MemberStates states = new MemberStates(pool, index, EngineSpeed.PRIOR);

  MemberStatesTest() {
    pool.fixed(List.of(PEER));
  }

  private Candidate seen() {
    return states.candidate(PEER, index.match(PROMPT), 0);
  }

  @Test
  void anEngineAMillionTimesAsFastCountsAsAThousandTimes() {
    double usual = EngineSpeed.PRIOR.tokensPerSecond();
    states.apply("p", new StateEvent.Speed(usual * 1e6, Double.NaN));
    assertThat(seen().speed().tokensPerSecond()).isEqualTo(usual * 1e3);
    assertThat(seen().speed().secondsPerToken()).isEqualTo(EngineSpeed.PRIOR.secondsPerToken());
  }

  @Test
  void onlyWholeBlocksOfTheEngineCountAsCached() {
    states.apply("p", new StateEvent.Stored(Tier.GPU, PROMPT));
    assertThat(seen().cachedTokens()).isEqualTo(9 * 64);
    states.apply("p", new StateEvent.Status(new EngineStatus(0, 0, 0, false, 0, 256)));
    assertThat(seen().cachedTokens()).isEqualTo(2 * 256);
  }

  @Test
  void anEngineThatFallsAsleepHoldsNothing() {
    states.apply("p", new StateEvent.Stored(Tier.GPU, PROMPT));
    states.apply("p", new StateEvent.Status(new EngineStatus(0, 0, 0, true, 0, 0)));
    assertThat(seen().cachedTokens()).isZero();
    assertThat(seen().state()).isEqualTo(Candidate.State.SLEEPING);
  }

  @Test
  void whatARouterRoutedBeforeItStartedOverDoesNotCount() {
    states.apply("p", new StateEvent.Routed("1", null, "p", 500, PROMPT));
    states.apply("p", new StateEvent.Hello("p", "e", 1, 0, true));
    assertThat(seen().load().pendingTokens()).isEqualTo(500);
    states.apply("p", new StateEvent.Hello("p", "f", 0, 0, false));
    assertThat(seen().load()).isEqualTo(EngineLoad.IDLE);
  }

  @Test
  void nothingIsKnownOfAMemberThatLeftAndCameBack() {
    states.apply("p", new StateEvent.Stored(Tier.GPU, PROMPT));
    states.apply("p", new StateEvent.Speed(4_000, 0.02));
    states.apply("p", new StateEvent.Status(new EngineStatus(1, 2, 0.5, false, 0, 0)));
    states.apply("p", new StateEvent.Routed("1", null, "p", 500, PROMPT));
    Candidate unknown =
        new MemberStates(pool, new MixedIndex(31_250), EngineSpeed.PRIOR)
            .candidate(PEER, new MixedIndex(31_250).match(PROMPT), 0);
    states.forget("p");
    assertThat(seen()).isEqualTo(unknown);
  }

  @Test
  void aNewReaderIsToldAllThatIsKnownOfAnEngine() {
    EngineStatus status = new EngineStatus(1, 2, 0.5, false, 0, 0);
    states.speed("p", new EngineSpeed(4_000, 0.01, 0.02));
    states.apply("p", new StateEvent.Status(status));
    states.apply("p", new StateEvent.Stored(Tier.GPU, PROMPT));
    MemberStates reader = new MemberStates(pool, new MixedIndex(31_250), EngineSpeed.PRIOR);
    states.snapshot("p").forEach(event -> reader.apply("p", event));
    assertThat(reader.snapshot("p")).usingRecursiveComparison().isEqualTo(states.snapshot("p"));
    assertThat(reader.status("p")).isEqualTo(status);
  }
}
