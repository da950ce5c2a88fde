package dev.tandem.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.cli.report.GroupPlace;
import dev.tandem.cli.report.PodPlace;
import dev.tandem.cli.report.UpReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job with a few requests: everything real but the GPUs. */
class LocalRunTest {

  private static final Path HOME = Path.of("..");
  private static final Path EXAMPLES = HOME.resolve("manifests/examples");

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final Progress progress =
      new Progress(new PrintStream(told, true, StandardCharsets.UTF_8), false);

  @Test
  void theExamplesArePlacedTogetherAndServed() throws Exception {
    try (LocalRun run = new LocalRun(settings(null, 24, 0), progress)) {
      UpReport report = run.run();

      assertThat(report.tandem().groups())
          .hasSize(2)
          .allMatch(GroupPlace::complete)
          .allMatch(GroupPlace::sameNvlinkDomain);
      assertThat(report.tandem().placements())
          .hasSize(10)
          .allMatch(place -> place.locality() != null)
          .extracting(PodPlace::reason)
          .noneMatch(String::isBlank);
      assertThat(report.tandem().requests().count()).isEqualTo(24);
      assertThat(report.tandem().requests().errors()).isZero();
      assertThat(report.baseline().requests().errors()).isZero();
      assertThat(report.baseline().requests().split()).isPositive();
      assertThat(report.baseline().groups()).allMatch(GroupPlace::complete);
      assertThat(get(run.pageUrl().resolve("/placements")))
          .contains(report.tandem().placements().getFirst().pod())
          .contains(report.baseline().placements().getFirst().pod());
      assertThat(get(run.pageUrl().resolve("/requests"))).contains("\"count\":24");
    }
    assertThat(told.toString(StandardCharsets.UTF_8)).contains("✓ Tandem: requests");
  }

  @Test
  void aTakenPortIsNamedWithTheWayOut() throws IOException {
    try (ServerSocket taken = new ServerSocket(0);
        LocalRun run = new LocalRun(settings(null, 1, taken.getLocalPort()), progress)) {

      assertThatThrownBy(run::run)
          .isInstanceOfSatisfying(
              UpFailure.class,
              failure -> {
                assertThat(failure).hasMessageContaining("port " + taken.getLocalPort());
                assertThat(failure.nextStep()).contains("--port");
              });
    }
  }

  @Test
  void aBadTraceStopsTheRunBeforeAnythingStarts(@TempDir Path directory) throws IOException {
    Path trace = Files.writeString(directory.resolve("bad.jsonl"), "{}\n");

    try (LocalRun run = new LocalRun(settings(trace, 1, 0), progress)) {
      assertThatThrownBy(run::run).isInstanceOf(UpFailure.class).hasMessageContaining("line 1");
    }
    assertThat(told.size()).isZero();
  }

  @Test
  void aSettingOutOfRangeNamesWhatIsAccepted() {
    assertThatThrownBy(() -> settings(null, 0, 0))
        .isInstanceOfSatisfying(
            UpFailure.class, failure -> assertThat(failure.nextStep()).contains("1 to"));
  }

  private static UpSettings settings(@Nullable Path trace, int requests, int port) {
    return new UpSettings(
        HOME,
        EXAMPLES.resolve("cluster.yaml"),
        EXAMPLES,
        trace,
        requests,
        1,
        20,
        port,
        ControlPlaneKind.embedded);
  }

  private static String get(URI url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
