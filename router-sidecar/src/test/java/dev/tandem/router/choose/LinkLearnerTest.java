package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinkLearnerTest {

  private static final LocalityPath NEAR = Fleets.path("leaf=l0@50/rdma,nvlink=n0@450/mnnvl");
  private static final LocalityPath FAR = Fleets.path("leaf=l0@50/rdma,nvlink=n1@450/mnnvl");

  private final Links links = Fleets.links();
  private final LinkLearner learner = new LinkLearner(links, 1);

  /** A gigabyte in ten thousand pieces, with half the bandwidth and thrice the post expected. */
  private static ObservedTransfers slow(Transport transport, double gigabytesPerSecond) {
    TransferCost.Overhead standard = TransferCost.defaults().overhead(transport);
    double post = 10_000 * 3 * standard.postSeconds();
    double wire = 1 / (gigabytesPerSecond * standard.efficiency() / 2);
    return new ObservedTransfers(
        1, 1_000_000_000, 10_000, standard.setupSeconds() + post + wire, post);
  }

  private void fetch(LocalityPath from, LocalityPath to, ObservedTransfers growth) {
    learner.fetching("d", from, to, 4000);
    learner.fetched("d", growth);
  }

  @Test
  void theShareOfTheLineRateAndThePostAreLearntOfTheTransportUsed() {
    for (int i = 0; i < 20; i++) {
      fetch(NEAR, FAR, slow(Transport.RDMA, 50));
    }
    TransferCost.Overhead rdma = links.cost().overhead(Transport.RDMA);
    assertThat(rdma.efficiency()).isCloseTo(0.43, withPercentage(1));
    assertThat(rdma.postSeconds()).isCloseTo(3 * 0.0085e-6, withPercentage(1));
    assertThat(links.cost().overhead(Transport.MNNVL))
        .isEqualTo(TransferCost.defaults().overhead(Transport.MNNVL));
  }

  @Test
  void whatIsLearntChangesThePrediction() {
    Candidate p = Fleets.named(dev.tandem.api.Role.PREFILL, "p").getFirst().withLocality(NEAR);
    Candidate d = Fleets.named(dev.tandem.api.Role.DECODE, "d").getFirst().withLocality(FAR);
    double before = links.seconds(p, d, 4000);
    for (int i = 0; i < 20; i++) {
      fetch(NEAR, FAR, slow(Transport.RDMA, 50));
    }
    assertThat(links.seconds(p, d, 4000)).isGreaterThan(1.8 * before);
  }

  @Test
  void sumsOverSeveralKindsOfLinksAreNotUsed() {
    learner.fetching("d", NEAR, FAR, 4000);
    learner.fetching("d", NEAR, NEAR, 4000);
    learner.fetched("d", slow(Transport.RDMA, 50));
    learner.fetching("e", NEAR, FAR, 4000);
    learner.fetching("e", null, FAR, 4000);
    learner.fetched("e", slow(Transport.RDMA, 50));
    learner.fetched("f", slow(Transport.RDMA, 50));
    assertThat(learner.unused()).isEqualTo(3);
    assertThat(links.cost()).isEqualTo(TransferCost.defaults());
  }

  @Test
  void aFetchThatBeganBeforeTheLastReportCountsForTheNext() {
    fetch(NEAR, NEAR, slow(Transport.MNNVL, 450));
    fetch(NEAR, FAR, slow(Transport.RDMA, 50)); // may have in it what began before
    assertThat(learner.unused()).isEqualTo(1);
    fetch(NEAR, FAR, slow(Transport.RDMA, 50));
    assertThat(learner.unused()).isEqualTo(1);
  }

  @Test
  void aFewAbsurdReportsMoveNothing() {
    for (int i = 0; i < 5; i++) {
      fetch(NEAR, FAR, new ObservedTransfers(1, 1_000_000_000, 10_000, 9e9, 1));
      fetch(NEAR, FAR, new ObservedTransfers(1, Long.MAX_VALUE, 10_000, 1e-9, 0));
    }
    TransferCost.Overhead rdma = links.cost().overhead(Transport.RDMA);
    assertThat(rdma.efficiency()).isBetween(0.86 / 8, 1.0);
    learnNonsense();
    assertThat(links.cost())
        .satisfies(cost -> {
          for (Transport transport : Transport.values()) {
            TransferCost.Overhead standard = TransferCost.defaults().overhead(transport);
            assertThat(cost.overhead(transport).efficiency())
                .isBetween(standard.efficiency() / 8, 1.0);
            assertThat(cost.overhead(transport).postSeconds())
                .isBetween(standard.postSeconds() / 8, standard.postSeconds() * 8);
          }
        });
  }

  /** Any growth a broken engine might report: nothing throws, the bounds hold. */
  private void learnNonsense() {
    Random random = new Random(5);
    double[] numbers = {0, -1, 1e-300, 1e300, Double.NaN, Double.POSITIVE_INFINITY, 0.1, 3};
    long[] counts = {0, -5, 1, 1000, Long.MAX_VALUE, Long.MIN_VALUE};
    for (int i = 0; i < 5000; i++) {
      fetch(
          NEAR,
          i < 2500 ? NEAR : FAR,
          new ObservedTransfers(
              counts[random.nextInt(counts.length)],
              counts[random.nextInt(counts.length)],
              counts[random.nextInt(counts.length)],
              numbers[random.nextInt(numbers.length)],
              numbers[random.nextInt(numbers.length)]));
    }
  }
}
