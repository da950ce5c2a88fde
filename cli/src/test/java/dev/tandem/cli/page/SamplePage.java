package dev.tandem.cli.page;

import java.util.concurrent.TimeUnit;

/**
 * Serves the page over a {@link SampleFeed} for whoever works on it: {@code SamplePage [NODES
 * [PORT]]}, until stopped.
 */
final class SamplePage {

  private SamplePage() {}

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) throws InterruptedException {
    int nodes = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 64;
    int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
    SampleFeed feed = new SampleFeed(nodes, 7);
    feed.serve(Run.BASELINE, 300, 0);
    feed.serve(Run.TANDEM, 200, 9);
    try (PageServer server = PageServer.start(feed, port)) {
      System.out.println(server.url());
      while (!Thread.currentThread().isInterrupted()) {
        feed.serve(Run.TANDEM, 3, 1);
        TimeUnit.MILLISECONDS.sleep(200);
      }
    }
  }
}
