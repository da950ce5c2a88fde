package dev.tandem.router.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.router.Policy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundRobinTest {

  @Test
  void prefillAndDecodeTakeTurnsWhateverTheirLoad() {
    List<Candidate> candidates = new ArrayList<>();
    for (String name : List.of("p0", "p1", "d0", "d1")) {
      candidates.add(
          Candidate.idle(name, name.startsWith("p") ? Role.PREFILL : Role.DECODE, "g", "llama")
              .withLoad(new EngineLoad(name.endsWith("0") ? 99_999 : 0, 1, 0)));
    }
    Links links = new Links(TransferCost.defaults(), ModelFacts.of("llama-3-70b"), 1, 1);
    Chooser chooser = Policy.ROUND_ROBIN.chooser(Weights.DEFAULT, links, 0);
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      if (chooser.choose(new Demand("llama", 100, true), Fleet.of(candidates))
          instanceof Choice.Pair pair) {
        chosen.add(pair.prefill().name() + ">" + pair.decode().name());
      }
    }
    assertThat(chosen).containsExactly("p0>d0", "p1>d1", "p0>d0", "p1>d1");
  }
}
