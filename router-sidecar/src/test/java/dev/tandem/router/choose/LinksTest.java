package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinksTest {

  private final Links links = Fleets.links();

  @Test
  void aLinkTakesWhatTheSharedCostSays() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      LocalityPath here = Fleets.place(random);
      LocalityPath there = Fleets.place(random);
      Candidate from = Candidate.idle("p", Role.PREFILL, "g", null).withLocality(here);
      Candidate to = Candidate.idle("d", Role.DECODE, "g", null).withLocality(there);
      long tokens = random.nextInt(3) == 0 ? 0 : random.nextInt(100_000);
      double expected =
          TransferCost.defaults()
                      .estimate(here, there, ModelFacts.of("llama-3-70b").transfer(tokens, 1, 1), 0)
                  instanceof TransferCost.Known known
              ? known.seconds()
              : Double.NaN;
      assertThat(links.seconds(from, to, tokens))
          .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-12));
    }
  }

  @Test
  void morePlacesThanAreRememberedAreStillRight() {
    for (int round = 0; round < 12; round++) {
      List<Candidate> engines = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        engines.add(
            Candidate.idle("e" + i, Role.PREFILL, "g", null)
                .withLocality(Fleets.path("leaf=l@50/rdma,node=n" + round + "-" + i + "@90/pcie")));
      }
      int[] between = links.between(engines, engines);
      double same = links.seconds(between[0], links.transfer(1000));
      double other = links.seconds(between[1], links.transfer(1000));
      assertThat(same).isGreaterThan(0);
      assertThat(other).isGreaterThan(0).isNotEqualTo(same);
      assertThat(between[2]).isEqualTo(between[1]);
    }
  }
}
