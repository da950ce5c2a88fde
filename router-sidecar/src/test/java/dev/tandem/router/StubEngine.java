package dev.tandem.router;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.router.request.Json;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An engine of a few lines: prefill legs get transfer parameters, streams three tokens, others one
 * answer. Tests replace what it does with {@link #onInfer}.
 */
public final class StubEngine implements AutoCloseable {

  /** What the engine was sent. */
  public record Seen(String path, MultiMap headers, JsonNode body) {
    public boolean isPrefillLeg() {
      return body.path("kv_transfer_params").path("do_remote_decode").asBoolean();
    }

    public boolean isDecodeLeg() {
      return body.path("kv_transfer_params").path("do_remote_prefill").asBoolean();
    }
  }

  /** Answers one request. */
  public interface Behaviour {
    void answer(Seen seen, HttpServerResponse response);
  }

  public static final String PARAMS =
      """
      {"do_remote_prefill":true,"do_remote_decode":false,"remote_engine_id":"e-1",\
      "remote_block_ids":[[1,2,3]],"remote_host":"127.0.0.9","remote_port":5600,\
      "remote_request_id":"r-1","tp_size":1,"unknown":{"nested":[1.50,null]}}\
      """;

  public final List<Seen> seen = new CopyOnWriteArrayList<>();
  public final CountDownLatch closedEarly = new CountDownLatch(1);
  public final CountDownLatch inferring = new CountDownLatch(1);
  private final HttpServer server;
  private volatile Behaviour behaviour = this::normal;
  private volatile String metrics = "vllm:num_requests_running 0.0\n";

  private StubEngine(Vertx vertx, String host) {
    this.server = vertx.createHttpServer().requestHandler(this::handle);
    try {
      server.listen(0, host).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  public static StubEngine start(Vertx vertx, String host) {
    return new StubEngine(vertx, host);
  }

  public int port() {
    return server.actualPort();
  }

  public void metrics(String text) {
    metrics = text;
  }

  public void onInfer(Behaviour other) {
    behaviour = other;
  }

  /** The requests that were for inference. */
  public List<Seen> inferred() {
    return seen.stream().filter(s -> s.path().startsWith("/v1/c")).toList();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().equals("/health")) {
      request.response().end();
      return;
    }
    if (request.path().equals("/metrics")) {
      request.response().end(metrics);
      return;
    }
    request.response().closeHandler(closed -> closedEarly.countDown());
    Handler<Throwable> ignore = e -> {};
    request.exceptionHandler(ignore);
    request
        .body()
        .onSuccess(body -> {
          Seen one = new Seen(request.path(), request.headers(), json(body.getBytes()));
          seen.add(one);
          inferring.countDown();
          behaviour.answer(one, request.response());
        });
  }

  /** What it does unless told otherwise. */
  public void normal(Seen request, HttpServerResponse response) {
    if (!request.path().startsWith("/v1/c")) {
      response
          .putHeader("content-type", "application/json")
          .end("{\"path\":\"" + request.path() + "\"}");
    } else if (request.isPrefillLeg()) {
      response
          .putHeader("content-type", "application/json")
          .end(
              "{\"id\":\"p\",\"kv_transfer_params\":"
                  + PARAMS
                  + ",\"usage\":{\"prompt_tokens\":100,\"prompt_tokens_details\":{\"cached_tokens\":7}}}");
    } else if (request.body().path("stream").asBoolean()) {
      stream(response);
    } else {
      response
          .putHeader("content-type", "application/json")
          .end(
              "{\"id\":\"d\",\"choices\":[{\"text\":\"hi\"}],\"kv_transfer_params\":null,"
                  + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":1,"
                  + "\"prompt_tokens_details\":{\"cached_tokens\":100}}}");
    }
  }

  /** Three tokens, a usage event, the end. */
  public static void stream(HttpServerResponse response) {
    response.putHeader("content-type", "text/event-stream; charset=utf-8").setChunked(true);
    for (int i = 0; i < 3; i++) {
      response.write("data: {\"choices\":[{\"text\":\"t" + i + "\"}]}\n\n");
    }
    response.write(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":100}}}\n\n");
    response.end("data: [DONE]\n\n");
  }

  private static JsonNode json(byte[] body) {
    if (body.length == 0) {
      return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
    try {
      return Json.read(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public @Nullable Seen last() {
    return seen.isEmpty() ? null : seen.getLast();
  }

  @Override
  public void close() {
    try {
      server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
