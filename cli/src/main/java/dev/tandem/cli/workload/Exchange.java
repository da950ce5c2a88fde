package dev.tandem.cli.workload;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One streamed request and its answer. Everything after {@link #begin} runs on one event loop; the
 * result is given exactly once.
 */
final class Exchange {

  /** An error answer is read no further than this. */
  private static final int MOST_ERROR_BYTES = 4096;

  /** What to send, and where. */
  record Plan(
      int index, TraceRequest request, String model, ServedModel.Endpoint endpoint, long salt) {}

  /** Real time to the trace's time. */
  record Clock(long startNanos, double speedUp) {
    double now() {
      return (System.nanoTime() - startNanos) / 1e9 * speedUp;
    }
  }

  private final HttpClient client;
  private final Plan plan;
  private final Clock clock;
  private final Duration patience;
  private final Consumer<Served> result;
  private final SseReader reader;
  private final Buffer errorBody = Buffer.buffer();
  private @Nullable Double firstTokenSeconds;
  private @Nullable String prefillPod;
  private @Nullable String decodePod;
  private boolean ended;

  Exchange(HttpClient client, Plan plan, Clock clock, Duration patience, Consumer<Served> result) {
    this.client = client;
    this.plan = plan;
    this.clock = clock;
    this.patience = patience;
    this.result = result;
    reader = new SseReader(() -> firstTokenSeconds = clock.now() - plan.request().atSeconds());
  }

  void begin(Vertx vertx) {
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            t -> end("no whole answer after " + patience.toSeconds() + " s of real time"));
    client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(plan.endpoint().host())
                .setPort(plan.endpoint().port())
                .setURI("/v1/chat/completions")
                .putHeader("Content-Type", "application/json"))
        .compose(request -> request.send(body()))
        .onSuccess(response -> {
          response.endHandler(nothing -> {
            vertx.cancelTimer(timer);
            finish(response.statusCode());
          });
          read(response);
        })
        .onFailure(failure -> {
          vertx.cancelTimer(timer);
          end(String.valueOf(failure.getMessage()));
        });
  }

  private void read(HttpClientResponse response) {
    prefillPod = response.getHeader("x-tandem-prefill");
    decodePod = response.getHeader("x-tandem-decode");
    boolean ok = response.statusCode() == 200;
    response.exceptionHandler(failure -> end(String.valueOf(failure.getMessage())));
    response.handler(piece -> {
      if (ok) {
        reader.take(piece);
      } else if (errorBody.length() < MOST_ERROR_BYTES) {
        errorBody.appendBuffer(piece);
      }
    });
  }

  private void finish(int status) {
    if (status != 200) {
      end("status " + status + ": " + errorBody.toString().strip());
      return;
    }
    end(reader.problem(plan.request().outputTokens()));
  }

  private void end(@Nullable String error) {
    if (ended) {
      return;
    }
    ended = true;
    result.accept(
        new Served(
            plan.index(),
            plan.model(),
            plan.request().atSeconds(),
            firstTokenSeconds,
            reader.promptTokens(),
            reader.cachedTokens(),
            prefillPod,
            decodePod,
            error));
  }

  /** The prompt holds only letters and spaces, so nothing in it needs escaping. */
  private Buffer body() {
    return Buffer.buffer(
        """
        {"model":"%s","stream":true,"stream_options":{"include_usage":true},"max_tokens":%d,\
        "ignore_eos":true,"temperature":0,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(
                plan.model(),
                plan.request().outputTokens(),
                BlockText.prompt(plan.request(), plan.salt())));
  }
}
