package dev.tandem.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** The generator against the statistics of the published conversation trace. */
class ConversationGeneratorTest {

  private static final List<TraceRequest> HOUR =
      new ConversationGenerator(new SplittableRandom(1)).first(12_031);

  @Test
  void promptsAreAsLongAsInTheTrace() {
    assertThat(mean(TraceRequest::inputTokens)).isCloseTo(12_035, within(1_000.0));
    assertThat(quantile(TraceRequest::inputTokens, 0.5)).isCloseTo(6_909, within(1_000.0));
    assertThat(quantile(TraceRequest::inputTokens, 0.9)).isCloseTo(27_367, within(3_000.0));
    assertThat(quantile(TraceRequest::inputTokens, 0.99)).isCloseTo(85_401, within(10_000.0));
  }

  @Test
  void answersAreAsLongAsInTheTrace() {
    assertThat(mean(TraceRequest::outputTokens)).isCloseTo(343, within(25.0));
    assertThat(quantile(TraceRequest::outputTokens, 0.5)).isCloseTo(350, within(20.0));
    assertThat(quantile(TraceRequest::outputTokens, 0.9)).isCloseTo(597, within(30.0));
    assertThat(quantile(TraceRequest::outputTokens, 0.99)).isCloseTo(1_120, within(120.0));
  }

  @Test
  void asMuchOfThePromptsCanBeReusedAsInTheTrace() {
    assertThat(reusable()).isCloseTo(0.374, within(0.03));
  }

  @Test
  void requestsComeAsFastAsInTheTrace() {
    double perSecond = HOUR.size() / HOUR.getLast().atSeconds();

    assertThat(perSecond).isCloseTo(3.40, within(0.2));
  }

  @Test
  void everyPromptBeginsWithTheSameBlock() {
    assertThat(HOUR).allMatch(request -> request.hashIds().getFirst() == 0);
  }

  @Test
  void theSameSeedGivesTheSameRequests() {
    assertThat(new ConversationGenerator(new SplittableRandom(7)).first(50))
        .isEqualTo(new ConversationGenerator(new SplittableRandom(7)).first(50))
        .isNotEqualTo(new ConversationGenerator(new SplittableRandom(8)).first(50));
  }

  private static double mean(ToIntFunction<TraceRequest> value) {
    return HOUR.stream().mapToInt(value).average().orElseThrow();
  }

  private static double quantile(ToIntFunction<TraceRequest> value, double share) {
    return HOUR.stream().mapToInt(value).sorted().toArray()[(int) (HOUR.size() * share)];
  }

  /** Share of prompt tokens an endless cache would have. */
  private static double reusable() {
    Set<Long> seen = new HashSet<>();
    long hit = 0;
    long all = 0;
    for (TraceRequest request : HOUR) {
      int known = 0;
      while (known < request.hashIds().size() && seen.contains(request.hashIds().get(known))) {
        known++;
      }
      hit += Math.min((long) known * TraceRequest.BLOCK_TOKENS, request.inputTokens());
      all += request.inputTokens();
      seen.addAll(request.hashIds());
    }
    return (double) hit / all;
  }
}
