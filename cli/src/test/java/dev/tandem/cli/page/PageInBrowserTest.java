package dev.tandem.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The page as a person sees it, in headless Chromium; skipped where no Chromium is installed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class PageInBrowserTest {

  private static final Path PICTURES = Path.of("target/pictures");
  private static final String READY = "document.body && document.body.dataset.ready";

  private @Nullable Chromium started;

  @BeforeAll
  void open() throws IOException, InterruptedException {
    Path binary = Chromium.installed();
    Assumptions.assumeTrue(
        binary != null,
        "no Chromium on this machine: install the package chromium to run these tests");
    if (binary != null) {
      started = Chromium.start(binary);
    }
  }

  @AfterAll
  void close() throws IOException, InterruptedException {
    if (started != null) {
      started.close();
    }
  }

  @Test
  void podsSitInTheSlotsOfTheirNodes() throws Exception {
    try (PageServer _ = show(new SampleFeed(64, 7), 1600, 1000, "light")) {
      assertThat(browser().evaluate("document.querySelectorAll('#map [data-pod]').length").asInt())
          .isEqualTo(10);
      assertThat(
              browser()
                  .text(
                      "document.querySelector('[data-pod=qwen-32b-decode-1]').closest('.node').ariaLabel"))
          .isEqualTo("node gpu-022, 0 of 8 GPUs free");
      assertThat(browser().text("document.getElementById('facts').textContent"))
          .contains("64 nodes, 512 GPUs");
      assertThat(browser().complaints()).isEmpty();
    }
  }

  @Test
  void requestsRunAsArcsAndTheFiguresOfBothRunsStandSideBySide() throws Exception {
    SampleFeed feed = new SampleFeed(64, 7);
    feed.serve(Run.BASELINE, 60, 0);
    feed.serve(Run.TANDEM, 40, 5);
    try (PageServer _ = show(feed, 1600, 1000, "light")) {
      browser().await("document.getElementById('link').dataset.state === 'live'");
      // Arcs are gone after two seconds, within which a slow machine may not look.
      browser()
          .evaluate(
              """
              new MutationObserver(() => window.arcs ||= document.querySelector('#arcs .arc') !== null)
                .observe(document.getElementById('arcs'), {childList: true, subtree: true}), true
              """);
      feed.serve(Run.TANDEM, 12, 0);

      browser().await("window.arcs");
      browser().screenshot(PICTURES.resolve("page-light.png"));
      browser().await("document.querySelectorAll('#latest li').length > 3");
      browser()
          .await(
              "document.querySelector('[data-row=Requests] .tandem').textContent === '47 of 400'");
      assertThat(
              browser().text("document.querySelector('[data-row=Requests] .baseline').textContent"))
          .isEqualTo("60 of 400");
      assertThat(browser().text("document.querySelector('[data-row=Errors] .tandem').textContent"))
          .isEqualTo("0");
      assertThat(browser().text("document.getElementById('verdict').textContent"))
          .contains("sooner");
      assertThat(Files.size(PICTURES.resolve("page-light.png"))).isGreaterThan(20_000);
    }
  }

  @Test
  void aPodIsChosenByKeyboardAndItsCardSaysWhyAndEscapeGoesBack() throws Exception {
    try (PageServer _ = show(new SampleFeed(64, 7), 1600, 1000, "dark")) {
      browser().evaluate("document.querySelector('#map [data-pod=llama-70b-prefill-0]').focus()");
      browser().press("ArrowRight");
      String chosen = browser().text("document.activeElement.dataset.pod");
      browser().press("Enter");

      browser().await("!document.getElementById('card').hidden");
      String card = browser().text("document.getElementById('card').innerText");
      assertThat(card)
          .contains(
              chosen,
              "Why here",
              "fits in NVLink domain n2",
              "3.4 ms",
              "Nothing that was free",
              "450 GB/s");
      browser().screenshot(PICTURES.resolve("page-dark.png"));

      browser().press("Escape");
      browser().await("document.getElementById('card').hidden");
      assertThat(browser().text("document.activeElement.dataset.pod")).isEqualTo(chosen);
    }
  }

  @Test
  void theBaselinesPodsAreShownOnRequest() throws Exception {
    try (PageServer _ = show(new SampleFeed(64, 7), 1600, 1000, "light")) {
      browser().evaluate("document.querySelector('input[value=baseline]').click()");

      assertThat(
              browser()
                  .text(
                      "document.querySelector('[data-pod=llama-70b-prefill-0]').closest('.node').ariaLabel"))
          .startsWith("node gpu-002");
    }
  }

  @Test
  void fiveThousandNodesAreFoldedAndUnfoldWhereAsked() throws Exception {
    try (PageServer _ = show(new SampleFeed(5_000, 7), 1600, 1000, "light")) {
      assertThat(browser().evaluate("document.querySelectorAll('#map .tile').length").asInt())
          .isBetween(20, 200);
      assertThat(browser().evaluate("document.querySelectorAll('#map [data-pod]').length").asInt())
          .isEqualTo(10);
      assertThat(browser().evaluate("document.querySelectorAll('#map .node').length").asInt())
          .isZero();
      browser().screenshot(PICTURES.resolve("page-5000-nodes.png"));

      browser().evaluate("document.querySelector('#map .tile .title').click()");

      assertThat(browser().evaluate("document.querySelectorAll('#map .node').length").asInt())
          .isEqualTo(32);
    }
  }

  @Test
  void aNarrowScreenNeedsNoSidewaysScrolling() throws Exception {
    try (PageServer _ = show(new SampleFeed(64, 7), 420, 900, "light")) {
      assertThat(browser().evaluate("document.documentElement.scrollWidth").asInt())
          .isLessThanOrEqualTo(420);
      browser().screenshot(PICTURES.resolve("page-narrow.png"));
    }
  }

  private Chromium browser() {
    return Objects.requireNonNull(started);
  }

  private PageServer show(SampleFeed feed, int width, int height, String scheme)
      throws InterruptedException {
    PageServer server = PageServer.start(feed, 0);
    browser().size(width, height);
    browser().prefer("prefers-color-scheme", scheme);
    browser().open(server.url());
    browser().await("location.port === '" + server.port() + "' && " + READY);
    return server;
  }
}
