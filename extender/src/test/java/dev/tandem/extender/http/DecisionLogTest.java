package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.topology.placement.Choice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Programs read the lines of level debug: their fields, names and order are pinned here. */
class DecisionLogTest {
  private static final PodFacts POD =
      new PodFacts(
          "u1",
          "llm",
          "p-0",
          null,
          true,
          false,
          0,
          4,
          Map.of(),
          Annotations.read(Map.of(Keys.ROLE, "prefill", Keys.GROUP, "g"), Map.of()));

  private static Decision.Chosen chosen(String reason) {
    return new Decision.Chosen(
        List.of(new Choice("gpu-1", 0.0004104, 0.0004, 0, Level.NVLINK, true, reason, Map.of())),
        Map.of());
  }

  @Test
  void aChosenNodeIsToldWithItsTransferAndLevel() {
    assertThat(DecisionLog.line(POD, 5_000, chosen("group g \"whole\""), 812))
        .isEqualTo(
            "verb=filter pod=llm/p-0 uid=u1 group=llm/g gpus=4 candidates=5000 outcome=chosen"
                + " kept=1 micros=812 node=gpu-1 predictedMillis=0.41 shared=nvlink"
                + " reason=\"group g 'whole'\"");
  }

  @Test
  void whatIsLeftToTheSchedulerTellsHowManyNodesStay() {
    Decision left =
        new Decision.Indifferent(List.of("a", "b"), Map.of(), Decision.Cause.NO_GROUP, "no group");
    assertThat(DecisionLog.line(POD, 3, left, 7))
        .isEqualTo(
            "verb=filter pod=llm/p-0 uid=u1 group=llm/g gpus=4 candidates=3 outcome=indifferent"
                + " kept=2 micros=7 reason=\"no group\"");
  }

  @Test
  void aRefusalKeepsNoNode() {
    Decision refused = new Decision.Refused(Decision.Cause.REQUIRED_LEVEL, "no room", Map.of());
    assertThat(DecisionLog.line(POD, 3, refused, 7))
        .isEqualTo(
            "verb=filter pod=llm/p-0 uid=u1 group=llm/g gpus=4 candidates=3 outcome=refused kept=0"
                + " micros=7 reason=\"no room\"");
  }

  @Test
  void aPodOfOthersKeepsEveryNode() {
    assertThat(DecisionLog.line(POD, 3, new Decision.PassedThrough(), 7))
        .endsWith("candidates=3 outcome=passed-through kept=3 micros=7");
  }

  @Test
  void theOtherVerbsTellScoresAndNodesKept() {
    assertThat(DecisionLog.line(POD, 3, Map.of("a", 10), 9))
        .isEqualTo("verb=prioritize pod=llm/p-0 uid=u1 candidates=3 micros=9 scores={a=10}");
    assertThat(DecisionLog.line(POD, 4, List.of("a")))
        .isEqualTo("verb=preempt pod=llm/p-0 uid=u1 candidates=4 kept=[a]");
  }

  @Test
  void theDocumentShowsTheFieldsInTheirOrder() throws Exception {
    String shown =
        Files.readAllLines(Path.of("..", "docs", "extender.md")).stream()
            .filter(line -> line.strip().startsWith("verb=filter "))
            .findFirst()
            .orElseThrow();
    assertThat(fields(shown)).isEqualTo(fields(DecisionLog.line(POD, 1, chosen("why"), 1)));
  }

  private static List<String> fields(String line) {
    return Pattern.compile("(\\w+)=").matcher(line).results().map(found -> found.group(1)).toList();
  }
}
