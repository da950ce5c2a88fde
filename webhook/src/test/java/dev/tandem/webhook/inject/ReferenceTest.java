package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ReferenceTest {

  private static final Path PAGE = Path.of("../docs/annotations.md");

  @Test
  void thePageIsWhatTheCodeSays() throws IOException {
    if (Golden.REFRESH) {
      Files.writeString(PAGE, Reference.markdown());
    }
    assertThat(Files.readString(PAGE)).isEqualTo(Reference.markdown());
  }

  @Test
  void everyOutcomeHasItsPartOfTheTroubleshootingPage() throws IOException {
    String page = Files.readString(Path.of("../docs/troubleshooting.md"));
    assertThat(InjectionResult.outcomes())
        .allSatisfy(o -> assertThat(page).contains("`" + o + "`"));
  }

  @Test
  void everyRuleIsShownSomewhere() throws IOException {
    String page = Files.readString(Path.of("../docs/design/injection.md"));
    assertThat(Injector.RULES)
        .allSatisfy(rule -> assertThat(page).contains("`" + rule.name() + "`"));
  }
}
