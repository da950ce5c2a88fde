package dev.tandem.cli.page;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import io.javalin.http.ServiceUnavailableResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code GET /events}: the event stream as server-sent events, for at most {@link #BROWSERS} at
 * once. Each holds one virtual thread that waits for the next events. A {@code dropped} event tells
 * a reader that was too slow how many it has missed; it then asks for the summaries again.
 */
final class EventRoute implements AutoCloseable {

  /** Enough for every tab a person opens; a bound on threads and buffers. */
  static final int BROWSERS = 16;

  /** Well under the server's 30 s idle limit; also how soon a browser that has gone is noticed. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);

  private final EventStream events;
  private final JsonMapper json;
  private final Set<EventStream.Subscription> open = ConcurrentHashMap.newKeySet();

  EventRoute(EventStream events, JsonMapper json) {
    this.events = events;
    this.json = json;
  }

  void serve(Context ctx) throws IOException, InterruptedException {
    try (EventStream.Subscription subscription = events.subscribe()) {
      open.add(subscription);
      try {
        if (open.size() > BROWSERS) {
          throw new ServiceUnavailableResponse(BROWSERS + " event streams are open; close one");
        }
        stream(subscription, ctx.res());
      } finally {
        open.remove(subscription);
      }
    }
  }

  private void stream(EventStream.Subscription subscription, HttpServletResponse response)
      throws IOException, InterruptedException {
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("utf-8");
    OutputStream out = response.getOutputStream();
    try {
      write(out, "retry: 1000\n\n");
      EventStream.Batch batch;
      while ((batch = subscription.next(HEARTBEAT)) != null) {
        write(out, text(batch));
      }
    } catch (IOException gone) {
      // The browser has closed the stream: the ordinary end, nothing is lost.
      return;
    }
  }

  private String text(EventStream.Batch batch) throws IOException {
    if (batch.events().isEmpty()) {
      return ": still here\n\n";
    }
    StringBuilder text = new StringBuilder();
    if (batch.dropped() > 0) {
      text.append("event: dropped\ndata: {\"count\":").append(batch.dropped()).append("}\n\n");
    }
    for (PageEvent event : batch.events()) {
      text.append("event: ").append(event.type()).append('\n');
      text.append("data: ").append(json.writeValueAsString(event)).append("\n\n");
    }
    return text.toString();
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    open.forEach(EventStream.Subscription::close);
  }
}
