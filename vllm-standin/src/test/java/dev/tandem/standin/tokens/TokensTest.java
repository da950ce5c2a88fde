package dev.tandem.standin.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
  @ParameterizedTest
  @CsvSource({"a,1", "abcd,1", "abcde,2", "äöü,2", "日本語,3"})
  void fourBytesOfUtf8AreOneTokenRoundedUp(String text, int tokens) {
    assertThat(Tokens.of(text)).hasSize(tokens);
  }

  @Test
  void textSurvivesTheWayToTokensAndBack() {
    String text = "Where is 東京 — and why? 🙂";

    assertThat(Tokens.text(Tokens.of(text))).isEqualTo(text);
  }

  @Test
  void aLongerTextKeepsTheTokensOfItsPrefix() {
    assertThat(Tokens.of("abcdefgh and more")).startsWith(Tokens.of("abcdefgh"));
  }

  @Test
  void everyOutputWordIsOneToken() {
    assertThat(Tokens.of(new OutputText(42).words(0, 100))).hasSize(100);
  }

  @Test
  void outputWordsDependOnSeedAndPositionOnly() {
    OutputText text = new OutputText(7);

    assertThat(text.words(0, 5) + text.words(5, 9)).isEqualTo(new OutputText(7).words(0, 9));
    assertThat(new OutputText(8).words(0, 9)).isNotEqualTo(text.words(0, 9));
  }
}
