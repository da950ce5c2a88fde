package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.router.Policy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TandemTest {

  private final Links links =
      new Links(TransferCost.defaults(), ModelFacts.of("llama-3-70b"), 1, 1);
  private final Chooser chooser = Policy.TANDEM.chooser(Weights.DEFAULT, links, 0);

  private static Candidate candidate(String name, Role role, @Nullable String group) {
    return Candidate.idle(name, role, group, "llama");
  }

  private static Candidate at(Candidate c, String place) {
    return c.withLocality(
        LocalityPath.parse(place) instanceof LocalityPath.Valid valid ? valid.path() : null);
  }

  private static Candidate loaded(Candidate c, long tokens, int pending, int decoding) {
    return c.withLoad(new EngineLoad(tokens, pending, decoding));
  }

  private static Candidate caching(Candidate c, long tokens) {
    return c.withCachedTokens(tokens);
  }

  private static Candidate prefill(String name) {
    return candidate(name, Role.PREFILL, "g");
  }

  private static Candidate decode(String name) {
    return candidate(name, Role.DECODE, "g");
  }

  private String choose(long tokens, Candidate... candidates) {
    return names(chooser.choose(new Demand("llama", tokens, true), Fleet.of(List.of(candidates))));
  }

  private static String names(Choice choice) {
    return switch (choice) {
      case Choice.Pair pair -> pair.prefill().name() + ">" + pair.decode().name();
      case Choice.Alone alone -> alone.engine().name();
      case Choice.Saturated saturated -> "saturated " + saturated.reasons();
      case Choice.None none -> "none";
    };
  }

  @Test
  void anIdlePoolSplits() {
    assertThat(choose(2000, prefill("p0"), decode("d0"))).isEqualTo("p0>d0");
  }

  @Test
  void theNearestPairWinsWhenAllElseIsEqual() {
    assertThat(
            choose(
                7000,
                at(prefill("p0"), "leaf=l0@50/rdma,nvlink=n0@450/mnnvl"),
                at(prefill("p1"), "leaf=l0@50/rdma,nvlink=n1@450/mnnvl"),
                at(decode("d0"), "leaf=l0@50/rdma,nvlink=n1@450/mnnvl")))
        .isEqualTo("p1>d0");
  }

  @Test
  void aFarIdlePrefillPodBeatsANearBusyOne() {
    assertThat(
            choose(
                7000,
                loaded(at(prefill("p0"), "spine=s0@25/rdma,nvlink=n0@450/mnnvl"), 20_000, 3, 0),
                at(prefill("p1"), "spine=s0@25/rdma,nvlink=n1@450/mnnvl"),
                at(decode("d0"), "spine=s0@25/rdma,nvlink=n0@450/mnnvl")))
        .isEqualTo("p1>d0");
  }

  @Test
  void aMissingStampIsNoAdvantageOverAKnownPlace() {
    assertThat(
            choose(
                7000,
                at(prefill("p1"), "leaf=l0@50/rdma,nvlink=n0@450/mnnvl"),
                prefill("p0"),
                at(decode("d0"), "leaf=l0@50/rdma,nvlink=n0@450/mnnvl"),
                at(prefill("p2"), "leaf=l0@50/rdma")))
        .isEqualTo("p1>d0");
  }

  @Test
  void anUnknownPlaceMakesLoadDecide() {
    assertThat(choose(7000, loaded(prefill("p0"), 9000, 1, 0), prefill("p1"), decode("d0")))
        .isEqualTo("p1>d0");
  }

  @Test
  void theCacheDecidesBetweenEqualLoads() {
    assertThat(choose(7000, prefill("p0"), caching(prefill("p1"), 6400), decode("d0")))
        .isEqualTo("p1>d0");
  }

  @Test
  void aHotCacheIsLeftWhenItsQueueIsLongerThanTheWorkItSaves() {
    assertThat(
            choose(
                7000,
                prefill("p0"),
                loaded(caching(prefill("p1"), 3000), 16_000, 3, 0),
                decode("d0")))
        .isEqualTo("p0>d0");
  }

  @Test
  void aNumberForTheWeightOfUncachedWorkHoldsWhateverTheCachesCanKeep() {
    Candidate hot = caching(loaded(candidate("hot", Role.BOTH, null), 1100, 1, 0), 1000);
    Candidate cold = candidate("cold", Role.BOTH, null);
    for (double pressure : new double[] {1, 8}) {
      Fleet fleet = new Fleet(List.of(hot, cold), pressure);
      assertThat(weighted(1, fleet)).isEqualTo("cold");
      assertThat(weighted(4, fleet)).isEqualTo("hot");
      assertThat(weighted(Weights.ADAPTIVE, fleet)).isEqualTo(pressure == 1 ? "cold" : "hot");
    }
  }

  private String weighted(double weight, Fleet fleet) {
    Chooser weighted = Policy.TANDEM.chooser(Weights.DEFAULT.withUncached(weight), links, 0);
    return names(weighted.choose(new Demand("llama", 2000, true), fleet));
  }

  @Test
  void aPromptThatDecodeHasCachedStaysThere() {
    assertThat(choose(7000, prefill("p0"), caching(decode("d0"), 6976))).isEqualTo("d0");
  }

  @Test
  void decodeComputesThePromptItselfWhenPrefillIsFarBehind() {
    assertThat(choose(2000, loaded(prefill("p0"), 100_000, 9, 0), decode("d0"))).isEqualTo("d0");
  }

  @Test
  void onlyPodsOfOneGroupPair() {
    assertThat(choose(7000, candidate("p0", Role.PREFILL, "other"), decode("d0"))).isEqualTo("d0");
  }

  @Test
  void podsThatDoBothServeAlone() {
    assertThat(choose(7000, prefill("p0"), candidate("b0", Role.BOTH, null))).isEqualTo("b0");
  }

  @Test
  void aPrefillPodServesAloneOnlyWhenNobodyElseIsThere() {
    assertThat(choose(7000, prefill("p0"))).isEqualTo("p0");
    assertThat(choose(7000, prefill("p0"), loaded(decode("d0"), 0, 0, 500))).isNotEqualTo("p0");
  }

  @Test
  void aRequestThatMustNotBeSplitIsNot() {
    assertThat(
            names(
                chooser.choose(
                    new Demand("llama", 7000, false),
                    Fleet.of(List.of(prefill("p0"), decode("d0"))))))
        .isEqualTo("d0");
  }

  @Test
  void fullDecodeSlotsMakeARequestWait() {
    assertThat(choose(7000, prefill("p0"), loaded(decode("d0"), 0, 0, 160), decode("d1")))
        .isEqualTo("p0>d1");
  }

  @Test
  void amongEqualsTheFewestInFlightThenTheNameDecide() {
    assertThat(choose(7000, prefill("p0"), loaded(decode("d0"), 0, 0, 2), decode("d1")))
        .isEqualTo("p0>d1");
    assertThat(choose(7000, prefill("p1"), prefill("p0"), decode("d1"), decode("d0")))
        .isEqualTo("p0>d0");
  }

  @Test
  void anEngineNotHeardOfCountsAsBusyForThatLong() {
    Candidate silent = prefill("p0").withSilentSeconds(0.5);
    assertThat(choose(7000, silent, prefill("p1"), decode("d0"))).isEqualTo("p1>d0");
  }

  @Test
  void fullEnginesSaturateAndTheReasonNamesThem() {
    assertThat(choose(7000, loaded(decode("d0"), 0, 24, 1000)))
        .isEqualTo("saturated [d0 has 1024 requests]");
  }

  @Test
  void fullEnginesMayBeFreeWhenTheFirstHasComputedItsPrompts() {
    List<Candidate> engines =
        List.of(loaded(decode("d0"), 80_000, 2000, 0), loaded(decode("d1"), 24_000, 2000, 0));
    assertThat(chooser.choose(new Demand("llama", 7000, true), Fleet.of(engines)))
        .isInstanceOfSatisfying(
            Choice.Saturated.class, saturated -> assertThat(saturated.seconds()).isEqualTo(23));
  }

  @Test
  void nobodyIsNobody() {
    assertThat(choose(7000)).isEqualTo("none");
    assertThat(choose(7000, candidate("x", Role.DRAFT, "g"))).isEqualTo("none");
  }

  @Test
  void anotherModelsEnginesAreLeftAloneUnlessNobodyServesTheName() {
    Candidate other = Candidate.idle("a0", Role.BOTH, null, "qwen");
    assertThat(choose(700, other, candidate("b0", Role.BOTH, null))).isEqualTo("b0");
    assertThat(names(chooser.choose(new Demand("my-lora", 700, true), Fleet.of(List.of(other)))))
        .isEqualTo("a0");
  }

  @Test
  void theOrderOfCandidatesDoesNotMatter() {
    Random random = new Random(7);
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      candidates.add(loaded(prefill("p" + i), random.nextInt(9000), 2, 0));
      candidates.add(caching(decode("d" + i), random.nextInt(7000)));
    }
    Demand demand = new Demand("llama", 7000, true);
    String once = names(chooser.choose(demand, Fleet.of(candidates)));
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(candidates, random);
      assertThat(names(chooser.choose(demand, Fleet.of(candidates)))).isEqualTo(once);
    }
  }

  @Test
  void thePredictionIsTheSumOfItsParts() {
    Candidate p = loaded(at(prefill("p0"), "leaf=l0@50/rdma"), 800, 1, 0);
    Candidate d = at(decode("d0"), "leaf=l0@50/rdma");
    Choice choice = chooser.choose(new Demand("llama", 8000, true), Fleet.of(List.of(p, d)));
    assertThat(choice).isInstanceOf(Choice.Pair.class);
    Prediction prediction = ((Choice.Pair) choice).prediction();
    double transfer = links.seconds(p, d, 8000);
    // wait 0.01 + 0.1, prefill 0.01 + 1.0
    assertThat(prediction.seconds()).isCloseTo(1.12 + transfer, within());
    // without cache pressure a way costs what it takes
    assertThat(prediction.cost()).isCloseTo(1.12 + transfer, within());
    assertThat(prediction.transferBytes()).isEqualTo(8000L * 327_680);
  }

  @Test
  void manyRoutersWithTheSameNewsDoNotAllTakeTheSameOfEquals() {
    List<Candidate> idle = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      idle.add(Candidate.idle("engine-%02d".formatted(i), Role.BOTH, null, "llama"));
    }
    Candidate loaded = loaded(idle.removeLast(), 90_000, 9, 0);
    idle.add(loaded);
    Set<String> taken = new HashSet<>();
    for (int router = 1; router <= 64; router++) {
      Chooser one = Policy.TANDEM.chooser(Weights.DEFAULT, links, router);
      taken.add(names(one.choose(new Demand("llama", 700, true), Fleet.of(idle))));
    }
    assertThat(taken).hasSizeGreaterThan(10).noneMatch(name -> name.contains(loaded.name()));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-9);
  }
}
