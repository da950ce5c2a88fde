package dev.tandem.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.page.Chromium;
import dev.tandem.cli.report.UpReport;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A whole local run, watched in headless Chromium; skipped where none is installed. The picture it
 * keeps is the one in the README when asked for: {@code -Dtandem.picture=FILE
 * -Dtandem.picture.requests=400}.
 */
@Timeout(600)
final class LocalRunInBrowserTest {

  private static final Path HOME = Path.of("..");
  private static final Path PICTURE =
      Path.of(System.getProperty("tandem.picture", "target/pictures/up.png"));

  /** Seconds on a quiet machine; both runs share it with whatever else is going on. */
  private static final Duration WHOLE_RUN = Duration.ofMinutes(8);

  private static final int REQUESTS = Integer.getInteger("tandem.picture.requests", 60);

  @Test
  void thePageShowsThePodsAndTheRequestsOfTheRun() throws Exception {
    Path binary = Chromium.installed();
    Assumptions.assumeTrue(
        binary != null,
        "no Chromium on this machine: install the package chromium to run this test");
    if (binary == null) {
      return;
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        LocalRun run = new LocalRun(settings(), new Progress(quiet(), false));
        Chromium browser = Chromium.start(binary)) {
      Future<UpReport> report = threads.submit(run::run);
      browser.size(1600, 1180);
      browser.open(page(run, report));
      browser.await("document.body && document.body.dataset.ready");

      watch(browser);
      browser.screenshot(PICTURE);

      int pods = report.get().tandem().placements().size();
      browser.await(
          "document.querySelector('[data-row=Requests] .tandem').textContent === '" + all() + "'");
      browser.evaluate("document.querySelector('input[value=tandem]').click()");
      assertThat(
              browser.evaluate("document.querySelectorAll('#map .node [data-pod]').length").asInt())
          .isEqualTo(pods);
      assertThat(
              browser.evaluate("document.querySelectorAll('#pod-table tbody tr').length").asInt())
          .isEqualTo(pods);
      assertThat(browser.text("document.querySelector('[data-row=Errors] .tandem').textContent"))
          .isEqualTo("0");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  /**
   * Until both runs have figures and requests are in the air; a fast machine may be past that,
   * which is as well.
   */
  private static void watch(Chromium browser) throws InterruptedException {
    browser.await(
        "(document.querySelector('[data-row=Requests] .tandem').textContent.split(' ')[0] >= "
            + REQUESTS * 3 / 4
            + " && document.querySelectorAll('#arcs .arc').length > 2)"
            + " || document.querySelector('[data-row=Requests] .tandem').textContent === '"
            + all()
            + "'",
        WHOLE_RUN);
  }

  private static String all() {
    return REQUESTS + " of " + REQUESTS;
  }

  private static UpSettings settings() {
    Path examples = HOME.resolve("manifests/examples");
    return new UpSettings(
        HOME,
        examples.resolve(Examples.CLUSTER_FILE),
        examples,
        null,
        REQUESTS,
        1,
        12,
        0,
        ControlPlaneKind.embedded);
  }

  private static URI page(LocalRun run, Future<UpReport> report) throws Exception {
    while (true) {
      try {
        return run.pageUrl();
      } catch (IllegalStateException notYet) {
        if (report.isDone()) {
          report.get();
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static PrintStream quiet() {
    return new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
  }
}
