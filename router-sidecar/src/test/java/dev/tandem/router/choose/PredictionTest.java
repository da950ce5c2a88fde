package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.router.Policy;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The prediction over arrays against a slow, obvious one, and what it promises. */
class PredictionTest {

  private static final TransferCost COST = TransferCost.defaults();
  private static final ModelFacts MODEL = ModelFacts.of("llama-3-70b");
  private static final Weights WEIGHTS = Weights.DEFAULT;

  private record Option(@Nullable Candidate prefill, Candidate decode, double cost) {
    int inFlight() {
      return decode.load().inFlight() + (prefill == null ? 0 : prefill.load().inFlight());
    }

    String prefillName() {
      return prefill == null ? "" : prefill.name();
    }
  }

  @Test
  void itChoosesAsTheFormulaReadOutAloud() {
    long seed = 20260829;
    Random random = new Random(seed);
    Chooser chooser = Policy.TANDEM.chooser(WEIGHTS, Fleets.links(), 0);
    for (int i = 0; i < 3000; i++) {
      List<Candidate> engines = Fleets.random(random);
      Demand demand = new Demand("llama", 1 + random.nextInt(9000), random.nextInt(9) > 0);
      Fleet fleet = new Fleet(engines, 1 + random.nextInt(4));
      String chosen = Fleets.names(chooser.choose(demand, fleet)).replaceAll(" .*", "");
      assertThat(chosen)
          .as("seed %d, fleet %d: %s", seed, i, engines)
          .isEqualTo(slow(demand, fleet));
    }
  }

  @Test
  void whereLinksDifferByLessThanTheNoiseLoadAndCacheAloneDecide() {
    long seed = 7;
    Random random = new Random(seed);
    Chooser chooser = Policy.TANDEM.chooser(WEIGHTS, Fleets.links(), 0);
    int pairs = 0;
    for (int i = 0; i < 6000; i++) {
      List<Candidate> near = new ArrayList<>();
      List<Candidate> alike = new ArrayList<>();
      for (Candidate engine : Fleets.random(random)) {
        // Everyone shares one level, whose rate differs by up to 4 %: below the noise of 5 %.
        String rate = "%.2f".formatted(50 - 2 * random.nextDouble());
        near.add(engine.withLocality(Fleets.path("leaf=l@" + rate + "/rdma")));
        alike.add(engine.withLocality(Fleets.path("leaf=l@48/rdma")));
      }
      Demand demand = new Demand("llama", 1 + random.nextInt(9000), true);
      Choice choice = chooser.choose(demand, Fleet.of(near));
      pairs += choice instanceof Choice.Pair ? 1 : 0;
      assertThat(Fleets.names(choice))
          .as("seed %d, fleet %d: %s", seed, i, near)
          .isEqualTo(Fleets.names(chooser.choose(demand, Fleet.of(alike))));
    }
    assertThat(pairs).isGreaterThan(80);
  }

  @Test
  void aSpreadAboveTheNoiseDecidesAmongEqualLoads() {
    List<Candidate> engines = new ArrayList<>();
    engines.add(
        Fleets.named(Role.PREFILL, "p0").getFirst().withLocality(Fleets.path("leaf=l@20/rdma")));
    engines.add(
        Fleets.named(Role.PREFILL, "p1").getFirst().withLocality(Fleets.path("leaf=l@50/rdma")));
    engines.add(
        Fleets.named(Role.DECODE, "d0").getFirst().withLocality(Fleets.path("leaf=l@50/rdma")));
    Chooser chooser = Policy.TANDEM.chooser(WEIGHTS, Fleets.links(), 0);
    assertThat(Fleets.names(chooser.choose(new Demand("llama", 7000, true), Fleet.of(engines))))
        .isEqualTo("p1>d0");
  }

  /** The figures of docs/routing.md. */
  @Test
  void theRequestWorkedOutInTheDocumentation() {
    Candidate near =
        Candidate.idle("near", Role.PREFILL, "g", "llama")
            .withLocality(Fleets.path("spine=s0@25/rdma,nvlink=n0@450/mnnvl"))
            .withLoad(new EngineLoad(12_000, 2, 0));
    Candidate far =
        Candidate.idle("far", Role.PREFILL, "g", "llama")
            .withLocality(Fleets.path("spine=s0@25/rdma,nvlink=n1@450/mnnvl"));
    Candidate decode =
        Candidate.idle("d", Role.DECODE, "g", "llama")
            .withLocality(Fleets.path("spine=s0@25/rdma,nvlink=n0@450/mnnvl"))
            .withLoad(new EngineLoad(0, 0, 20));
    Chooser chooser = Policy.TANDEM.chooser(WEIGHTS, Fleets.links(), 0);
    Demand demand = new Demand("llama", 8_000, true);
    Fleet fleet = Fleet.of(List.of(near, far, decode));
    assertThat(Fleets.names(chooser.choose(demand, fleet))).isEqualTo("far>d");
    List<Explanation.Way> ways = chooser.explain(demand, fleet, 9).best();
    assertThat(ways)
        .extracting(
            way -> way.prefill() + " %.3f %.3f".formatted(way.prediction().seconds(), way.cost()))
        .containsExactly("far 1.133 1.133", "near 2.545 2.545", "null 1.010 3.030");
    assertThat(ways.get(0).prediction().transfer()).isCloseTo(0.123, within(0.0005));
    assertThat(ways.get(1).prediction().waitPrefill()).isEqualTo(1.52);
    Fleet idle = Fleet.of(List.of(near.withLoad(EngineLoad.IDLE), far, decode));
    assertThat(Fleets.names(chooser.choose(demand, idle))).isEqualTo("near>d");
  }

  /** The name of the choice by going through everything. */
  private static String slow(Demand demand, Fleet fleet) {
    List<Candidate> ready = new ArrayList<>();
    boolean full = false;
    boolean known = fleet.engines().stream().anyMatch(c -> "llama".equals(c.model()));
    for (Candidate engine : fleet.engines()) {
      if (engine.state() != Candidate.State.READY || (known && !"llama".equals(engine.model()))) {
        continue;
      }
      if (engine.load().inFlight() >= WEIGHTS.mostInFlight()) {
        full = true;
      } else {
        ready.add(engine);
      }
    }
    List<Candidate> alone =
        ready.stream().filter(c -> c.role() != Role.PREFILL && c.role() != Role.DRAFT).toList();
    if (alone.isEmpty()) {
      alone = ready.stream().filter(c -> c.role() == Role.PREFILL).toList();
    }
    if (alone.isEmpty()) {
      return full ? "saturated" : "none";
    }
    List<Option> flat = options(demand, fleet, ready, alone, true);
    List<Option> real = options(demand, fleet, ready, alone, false);
    double least = flat.stream().mapToDouble(Option::cost).min().orElseThrow();
    double longest = 0;
    double spread = 0;
    for (Candidate decode : ready) {
      double[] times = transfers(demand, ready, decode);
      if (times.length > 0) {
        double most = java.util.Arrays.stream(times).max().orElseThrow();
        longest = Math.max(longest, most);
        spread = Math.max(spread, most - java.util.Arrays.stream(times).min().orElseThrow());
      }
    }
    double noise = Math.max(Math.max(0.0005, 0.01 * least), 0.05 * longest);
    return pick(spread <= noise ? flat : real);
  }

  private static String pick(List<Option> options) {
    double least = options.stream().mapToDouble(Option::cost).min().orElseThrow();
    Option best =
        options.stream()
            .filter(o -> o.cost() <= least + Math.max(0.0005, 0.01 * least))
            .min(
                Comparator.comparingInt(Option::inFlight)
                    .thenComparing(o -> o.decode().name())
                    .thenComparing(Option::prefillName))
            .orElseThrow();
    return best.prefill() == null
        ? best.decode().name()
        : best.prefill().name() + ">" + best.decode().name();
  }

  private static List<Option> options(
      Demand demand, Fleet fleet, List<Candidate> ready, List<Candidate> alone, boolean flat) {
    List<Option> options = new ArrayList<>();
    for (Candidate decode : ready) {
      for (Candidate prefill : ready) {
        if (demand.splittable() && pairs(prefill, decode)) {
          double[] all = transfers(demand, ready, decode);
          double slowest = all.length == 0 ? 0 : java.util.Arrays.stream(all).max().orElseThrow();
          double own = transfer(prefill.locality(), decode.locality(), moved(demand, decode));
          double cost =
              wait(prefill)
                  + 0.01
                  + weight(
                          fleet,
                          prefill,
                          ready.stream().filter(c -> c.role() == Role.PREFILL).toList())
                      * prefill.uncached(demand)
                      / prefill.speed().tokensPerSecond()
                  + (flat || Double.isNaN(own) ? slowest : own)
                  + wait(decode);
          options.add(new Option(prefill, decode, cost));
        }
      }
    }
    boolean split =
        demand.splittable()
            && ready.stream().anyMatch(c -> c.role() == Role.PREFILL)
            && ready.stream().anyMatch(c -> c.role() == Role.DECODE);
    List<Candidate> computers =
        split ? ready.stream().filter(c -> c.role() == Role.PREFILL).toList() : alone;
    for (Candidate engine : alone) {
      double computing = engine.uncached(demand) / engine.speed().tokensPerSecond();
      double cost = wait(engine) + 0.01 + weight(fleet, engine, computers) * computing;
      if (engine.role() == Role.DECODE) {
        cost += (0.01 + computing) * (1 + 0.05 * engine.load().decoding());
      }
      options.add(new Option(null, engine, cost));
    }
    return options;
  }

  /** A: what it is where nobody waits, more for each that waits there and on the average. */
  private static double weight(Fleet fleet, Candidate engine, List<Candidate> computers) {
    double mean =
        computers.stream().mapToInt(c -> c.load().pendingRequests()).average().orElseThrow();
    return 1 + (fleet.uncached() - 1) * (1 + engine.load().pendingRequests() + mean);
  }

  /** What this engine's fetch would take over each kind of link that some open pair has. */
  private static double[] transfers(Demand demand, List<Candidate> ready, Candidate decode) {
    return ready.stream()
        .flatMap(p ->
            ready.stream()
                .filter(d -> demand.splittable() && pairs(p, d))
                .map(d -> transfer(p.locality(), d.locality(), moved(demand, decode))))
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .filter(any -> decode.role() == Role.DECODE)
        .toArray();
  }

  private static boolean pairs(Candidate prefill, Candidate decode) {
    return prefill.role() == Role.PREFILL
        && decode.role() == Role.DECODE
        && prefill.group() != null
        && prefill.group().equals(decode.group())
        && java.util.Objects.equals(prefill.compatibility(), decode.compatibility());
  }

  private static long moved(Demand demand, Candidate decode) {
    return Math.max(0, demand.inputTokens() - decode.cachedTokens());
  }

  private static double transfer(
      @Nullable LocalityPath from, @Nullable LocalityPath to, long tokens) {
    return from != null
            && to != null
            && COST.estimate(from, to, MODEL.transfer(tokens, 1, 1), 0)
                instanceof TransferCost.Known time
        ? time.seconds()
        : Double.NaN;
  }

  private static double wait(Candidate engine) {
    int beyond = Math.max(0, engine.load().decoding() + 1 - 128);
    return engine.load().pendingRequests() * 0.01
        + engine.load().pendingTokens() / engine.speed().tokensPerSecond()
        + beyond * 343 * 0.02 / 128
        + engine.silentSeconds();
  }
}
