package dev.tandem.router.proxy;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An upstream's answer from its head on, with what of its body has been read to tell whether it is
 * one. Runs on the router's event loop.
 */
final class Reply {

  private final HttpClientResponse response;
  private final Buffer first;
  private boolean ended;
  private Consumer<Buffer> watcher = chunk -> {};
  private Runnable whenWhole = () -> {};

  Reply(HttpClientResponse response, Buffer first, boolean ended) {
    this.response = response;
    this.first = first;
    this.ended = ended;
  }

  HttpClientResponse response() {
    return response;
  }

  int status() {
    return response.statusCode();
  }

  boolean isEventStream() {
    return isEventStream(response);
  }

  static boolean isEventStream(HttpClientResponse response) {
    String type = response.getHeader("content-type");
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  @Nullable String header(String name) {
    return response.getHeader(name);
  }

  /** Shows every chunk that is handed over, and then that the body was whole. */
  void watch(Consumer<Buffer> watching, Runnable whole) {
    watcher = watching;
    whenWhole = whole;
  }

  /** Hands the body over: every chunk, then its end or the reason it broke off. */
  void consume(Consumer<Buffer> data, Runnable end, Consumer<Throwable> broken) {
    response.handler(chunk -> {
      watcher.accept(chunk);
      data.accept(chunk);
    });
    response.endHandler(done -> {
      ended = true;
      whenWhole.run();
      end.run();
    });
    response.exceptionHandler(cause -> {
      if (!ended) {
        ended = true;
        broken.accept(cause);
      }
    });
    if (first.length() > 0) {
      watcher.accept(first);
      data.accept(first);
    }
    if (ended) {
      whenWhole.run();
      end.run();
    } else {
      response.resume();
    }
  }

  void pause() {
    response.pause();
  }

  void resume() {
    if (!ended) {
      response.resume();
    }
  }

  /** Closes the connection unless the answer is complete. */
  void discard() {
    if (!ended) {
      ended = true;
      response.exceptionHandler(ignored -> {}); // of the reset that follows
      response.request().reset();
    }
  }
}
