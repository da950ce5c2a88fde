package dev.tandem.simulator.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.simulator.routing.policy.PolicyName;
import dev.tandem.simulator.routing.trace.BadTrace;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference model's figures on the conversation trace, to the last digit that is published. */
class PublishedFiguresTest {

  @ParameterizedTest
  @CsvSource({
    "gie_p3_q2_k2, '0.1703, 2.181, 1.413, 5.000, 12.496'",
    "min_ttft_a1, '0.1224, 1.876, 1.181, 4.468, 10.548'",
    "min_ttft_a2, '0.1430, 1.710, 1.057, 4.039, 10.240'",
    "min_ttft_a4, '0.1538, 1.680, 1.022, 3.963, 10.249'",
    "least_tokens, '0.0618, 2.246, 1.532, 5.179, 11.037'",
  })
  void theModelIsTheReferenceModel(String policy, String figures) throws BadTrace {
    CellResult result =
        new Cell(Traces.conversation(), 8, 1000, 0.9, Variation.NONE, 1)
            .run(PolicyName.parse(policy));

    assertThat(
            String.format(
                Locale.ROOT,
                "%.4f, %.3f, %.3f, %.3f, %.3f",
                result.hit(),
                result.ttftMean(),
                result.ttftP50(),
                result.ttftP90(),
                result.ttftP99()))
        .isEqualTo(figures);
  }
}
