package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import dev.tandem.router.Policy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The policies users know from elsewhere. */
class PoliciesTest {

  private static Chooser chooser(Policy policy) {
    return policy.chooser(Weights.DEFAULT, Fleets.links(), 0);
  }

  private static Demand demand(long... blocks) {
    return new Demand("llama", Math.max(1, blocks.length * 64L), true, blocks, null);
  }

  private static Demand session(@Nullable String session) {
    return new Demand("llama", 500, true, new long[0], session);
  }

  private static List<Candidate> engines(int n) {
    List<Candidate> engines = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      engines.add(Candidate.idle("e" + i, Role.BOTH, null, "llama"));
    }
    return engines;
  }

  private static String choose(Chooser chooser, Demand demand, List<Candidate> engines) {
    return Fleets.names(chooser.choose(demand, Fleet.of(engines)));
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void everyPolicyIsFoundByItsNameAndSaysWhatItDoes(Policy policy) {
    assertThat(Policy.of(policy.label())).isEqualTo(policy);
    assertThat(policy.summary()).isNotBlank();
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void everyPolicySplitsWhereItCanAndServesWhoeverIsLeft(Policy policy) {
    Chooser chooser = chooser(policy);
    List<Candidate> engines = new ArrayList<>(Fleets.named(Role.PREFILL, "p0"));
    assertThat(choose(chooser, demand(1, 2, 3), engines)).isEqualTo("p0");
    engines.addAll(Fleets.named(Role.DECODE, "d0"));
    assertThat(choose(chooser, demand(1, 2, 3), engines)).isEqualTo("p0>d0");
    assertThat(choose(chooser, demand(1, 2, 3), List.of())).startsWith("none");
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void noPolicyTakesWhatTheFilterLeftOut(Policy policy) {
    long seed = 11;
    Random random = new Random(seed);
    Chooser chooser = chooser(policy);
    for (int i = 0; i < 500; i++) {
      List<Candidate> engines = Fleets.random(random);
      Demand demand = demand(random.nextLong(), random.nextLong());
      switch (chooser.choose(demand, Fleet.of(engines))) {
        case Choice.Pair pair -> {
          assertThat(pair.prefill().state()).isEqualTo(Candidate.State.READY);
          assertThat(pair.decode().state()).isEqualTo(Candidate.State.READY);
          assertThat(pair.prefill().group()).isNotNull().isEqualTo(pair.decode().group());
          assertThat(pair.prefill().compatibility()).isEqualTo(pair.decode().compatibility());
          assertThat(pair.reasons()).hasSize(4);
        }
        case Choice.Alone alone -> {
          assertThat(alone.engine().state()).isEqualTo(Candidate.State.READY);
          assertThat(alone.engine().role()).isNotEqualTo(Role.DRAFT);
          assertThat(alone.reasons()).hasSize(2);
        }
        case Choice.Saturated saturated -> assertThat(saturated.reasons()).isNotEmpty();
        case Choice.None none -> assertThat(none.reasons()).isNotEmpty();
      }
    }
  }

  @Test
  void leastRequestsTakesTheEngineWithFewest() {
    List<Candidate> engines = engines(3);
    engines.set(0, engines.get(0).withLoad(new EngineLoad(10, 1, 0)));
    engines.set(1, engines.get(1).withLoad(new EngineLoad(0, 0, 2)));
    assertThat(choose(chooser(Policy.LEAST_REQUESTS), demand(), engines)).isEqualTo("e2");
  }

  @Test
  void gpuLoadAwareGoesByWhatEnginesSayOfThemselves() {
    List<Candidate> engines = engines(3);
    engines.set(0, engines.get(0).withReport(new EngineReport(9, 0, 0.9)));
    engines.set(1, engines.get(1).withReport(new EngineReport(9, 4, 0.1)));
    engines.set(2, engines.get(2).withReport(new EngineReport(9, 1, 0.3)));
    assertThat(choose(chooser(Policy.GPU_LOAD_AWARE), demand(), engines)).isEqualTo("e2");
    // Four more were sent since it spoke.
    engines.set(2, engines.get(2).withLoad(new EngineLoad(9000, 5, 0)));
    assertThat(choose(chooser(Policy.GPU_LOAD_AWARE), demand(), engines)).isEqualTo("e1");
  }

  @Test
  void gieWeighsPrefixQueueAndCache() {
    List<Candidate> engines = engines(2);
    engines.set(0, engines.get(0).withCachedTokens(192).withReport(new EngineReport(0, 0, 0)));
    engines.set(1, engines.get(1).withReport(new EngineReport(0, 0, 0)));
    assertThat(choose(chooser(Policy.GIE_P3_Q2_K2), demand(1, 2, 3), engines)).isEqualTo("e0");
    // 3 x 1 + 2 x 0 + 2 x 0.4 is less than 3 x 0 + 2 x 1 + 2 x 1.
    engines.set(0, engines.get(0).withReport(new EngineReport(0, 3, 0.6)));
    assertThat(choose(chooser(Policy.GIE_P3_Q2_K2), demand(1, 2, 3), engines)).isEqualTo("e1");
  }

  @Test
  void aSessionStaysWhereItIsAndALostPodMovesOnlyItsOwn() {
    Chooser chooser = chooser(Policy.SESSION);
    List<Candidate> engines = engines(8);
    Map<String, String> before = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      before.put("s" + i, choose(chooser, session("s" + i), engines));
    }
    assertThat(Set.copyOf(before.values())).hasSize(8);
    List<Candidate> left = new ArrayList<>(engines);
    left.remove(3);
    before.forEach((session, engine) -> {
      String now = choose(chooser, session(session), left);
      if (engine.equals("e3")) {
        assertThat(now).isNotEqualTo("e3");
      } else {
        assertThat(now).isEqualTo(engine);
      }
    });
  }

  @Test
  void withoutASessionFewestRequestsDecide() {
    List<Candidate> engines = engines(2);
    engines.set(0, engines.get(0).withLoad(new EngineLoad(10, 1, 0)));
    assertThat(choose(chooser(Policy.SESSION), session(null), engines)).isEqualTo("e1");
  }

  @Test
  void equalBeginningsGoToOneEngine() {
    Chooser chooser = chooser(Policy.PREFIX_HASH);
    List<Candidate> engines = engines(8);
    Set<String> chosen = new HashSet<>();
    for (int turn = 0; turn < 6; turn++) {
      chosen.add(choose(chooser, demand(77, 100 + turn), engines));
    }
    assertThat(chosen).hasSize(1);
  }

  @Test
  void aFirstBlockThatAllPromptsShareSendsThemNotToOnePod() {
    Chooser chooser = chooser(Policy.PREFIX_HASH);
    int[] requests = new int[8];
    Map<Integer, Set<Integer>> enginesOf = new HashMap<>();
    Random random = new Random(3);
    for (int i = 0; i < 4000; i++) {
      int user = random.nextInt(200);
      // Idle throughout: nothing but the key may spread them.
      String chosen = choose(chooser, demand(1, 2, 3, 1000 + user, random.nextLong()), engines(8));
      int engine = Integer.parseInt(chosen.substring(1));
      if (i >= 1000) {
        requests[engine]++;
        enginesOf.computeIfAbsent(user, u -> new HashSet<>()).add(engine);
      }
    }
    assertThat(java.util.Arrays.stream(requests).max().orElseThrow()).isLessThan(3 * 3000 / 8);
    assertThat(enginesOf.values()).allSatisfy(engines -> assertThat(engines).hasSize(1));
  }

  @Test
  void aHotPrefixSpillsOverBeyondItsBound() {
    Chooser chooser = chooser(Policy.PREFIX_HASH);
    List<Candidate> engines = engines(4);
    for (int i = 0; i < 200; i++) {
      String chosen = choose(chooser, demand(5, 6), engines);
      int at = Integer.parseInt(chosen.substring(1));
      EngineLoad load = engines.get(at).load();
      engines.set(at, engines.get(at).withLoad(new EngineLoad(0, 0, load.decoding() + 1)));
    }
    assertThat(engines).allSatisfy(e -> assertThat(e.load().decoding()).isBetween(1, 63));
  }

  @Test
  void sleepingAndDrainingEnginesAreOutAndNamed() {
    List<Candidate> engines = engines(2);
    engines.set(0, engines.get(0).withState(Candidate.State.SLEEPING));
    engines.set(1, engines.get(1).withState(Candidate.State.DRAINING));
    assertThat(choose(chooser(Policy.TANDEM), demand(), engines))
        .contains("e0 sleeps")
        .contains("e1 is being deleted");
  }

  @Test
  void promptsBelowTheThresholdsAreNotSplit() {
    List<Candidate> engines = new ArrayList<>(Fleets.named(Role.PREFILL, "p0"));
    engines.addAll(Fleets.named(Role.DECODE, "d0"));
    Chooser chooser =
        Policy.TANDEM.chooser(Weights.DEFAULT.withSplitFrom(2000, 500), Fleets.links(), 0);
    assertThat(choose(chooser, new Demand("llama", 1999, true), engines)).isEqualTo("d0");
    assertThat(choose(chooser, new Demand("llama", 2000, true), engines)).isEqualTo("p0>d0");
    engines.set(1, engines.get(1).withCachedTokens(1600));
    assertThat(choose(chooser, new Demand("llama", 2000, true), engines)).isEqualTo("d0");
  }

  @Test
  void anExplanationNamesTheBestWaysAndChangesNothing() {
    List<Candidate> engines = new ArrayList<>(Fleets.named(Role.PREFILL, "p0", "p1"));
    engines.addAll(Fleets.named(Role.DECODE, "d0"));
    engines.add(
        Candidate.idle("d1", Role.DECODE, "g", "llama").withState(Candidate.State.SLEEPING));
    Chooser chooser = chooser(Policy.ROUND_ROBIN);
    for (int i = 0; i < 3; i++) {
      Explanation explained = chooser.explain(demand(1), Fleet.of(engines), 2);
      assertThat(explained.considered()).isEqualTo(3);
      assertThat(explained.best()).hasSize(2);
      assertThat(explained.out()).containsExactly("d1 sleeps");
    }
    assertThat(choose(chooser, demand(1), engines)).isEqualTo("p0>d0");
  }
}
