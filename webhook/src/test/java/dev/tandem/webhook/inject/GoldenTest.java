package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GoldenTest {

  static List<String> names() {
    return Golden.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aManifestIsInjectedAsItsGoldenFileShows(String name) throws IOException {
    String written = Golden.written(Golden.injected(Golden.input(name)));
    if (Golden.REFRESH) {
      Files.writeString(Golden.expected(name), written);
    }
    assertThat(written).isEqualTo(Files.readString(Golden.expected(name)));
  }

  @ParameterizedTest
  @MethodSource("names")
  void injectingTheResultAgainChangesNothing(String name) throws IOException {
    String once = Golden.injected(Golden.input(name)).yaml();
    assertThat(Golden.injected(once).yaml()).isEqualTo(once);
  }

  @Test
  void thereAreEnoughPairsToMeanSomething() {
    assertThat(names()).hasSizeGreaterThanOrEqualTo(12);
  }
}
