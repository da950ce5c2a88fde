package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import dev.tandem.router.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is told of engines, a choice comes out, and the same one again. */
class DecisionFuzzTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20260831);
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1_000);

  private static final long[] TOKENS = {0, 1, 63, 64, 9_000, 1L << 40, Long.MAX_VALUE / 4};
  private static final double[] RATES = {1e-300, 1e-9, 1, 8_000, 1e12, 1e300};
  private static final double[] SECONDS = {0, 1e-9, 0.01, 3, 1e18, Double.POSITIVE_INFINITY};

  @ParameterizedTest
  @EnumSource(Policy.class)
  void extremeValuesStillGiveAChoiceAmongThoseThereAre(Policy policy) {
    Random random = new Random(SEED);
    for (int i = 0; i < ROUNDS; i++) {
      List<Candidate> engines = engines(random);
      Demand demand =
          new Demand(
              "llama",
              Math.max(1, any(TOKENS, random)),
              random.nextBoolean(),
              random.longs(random.nextInt(5)).toArray(),
              random.nextBoolean() ? null : "s");
      Fleet fleet = new Fleet(engines, 1 + random.nextInt(1_000));
      String round = "seed " + SEED + ", round " + i + ": " + engines;
      Choice choice = chooser(policy).choose(demand, fleet);
      assertThat(Fleets.names(chooser(policy).choose(demand, fleet)))
          .as(round)
          .isEqualTo(Fleets.names(choice));
      assertThat(choice.reasons()).as(round).isNotEmpty();
      boolean anyReady =
          engines.stream().anyMatch(e -> e.role() != Role.DRAFT && e.load().inFlight() < 1024);
      assertThat(choice instanceof Choice.Pair || choice instanceof Choice.Alone)
          .as(round)
          .isEqualTo(anyReady);
    }
  }

  private static Chooser chooser(Policy policy) {
    return policy.chooser(Weights.DEFAULT, Fleets.links(), 0);
  }

  private static List<Candidate> engines(Random random) {
    List<Candidate> engines = new ArrayList<>();
    for (int i = random.nextInt(8); i > 0; i--) {
      Role role = Role.values()[random.nextInt(Role.values().length)];
      int requests = random.nextInt(4) == 0 ? 2_000 : random.nextInt(300);
      engines.add(
          Candidate.idle("e" + i, role, "g", "llama")
              .withLocality(random.nextBoolean() ? null : Fleets.place(random))
              .withLoad(new EngineLoad(any(TOKENS, random), requests / 2, requests))
              .withReport(
                  random.nextBoolean() ? null : new EngineReport(0, requests, random.nextDouble()))
              .withSpeed(
                  new EngineSpeed(any(RATES, random), random.nextDouble(), random.nextDouble()))
              .withCachedTokens(any(TOKENS, random))
              .withSilentSeconds(any(SECONDS, random)));
    }
    return engines;
  }

  private static long any(long[] values, Random random) {
    return values[random.nextInt(values.length)];
  }

  private static double any(double[] values, Random random) {
    return values[random.nextInt(values.length)];
  }
}
