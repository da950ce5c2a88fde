package dev.tandem.standin;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Engines on loopback for one test, and a client for them. */
final class EngineFixture implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Vertx vertx = Vertx.vertx();
  private final List<Engine> engines = new ArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Starts an engine that is a thousand times faster than life, on free ports. */
  Engine start(String... more) throws IOException {
    return start(Map.of(), more);
  }

  Engine start(Map<String, String> env, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("serve", "meta-llama/Llama-3.1-8B"));
    args.addAll(List.of("--host=127.0.0.1", "--port=0", "--standin-speed-up=1000"));
    args.addAll(List.of(more));
    Map<String, String> all = new HashMap<>(env);
    all.putIfAbsent("VLLM_NIXL_SIDE_CHANNEL_HOST", "127.0.0.1");
    all.putIfAbsent("VLLM_NIXL_SIDE_CHANNEL_PORT", "0");
    Engine engine = Engine.start(EngineConfig.parse(args, all), vertx);
    engines.add(engine);
    return engine;
  }

  HttpResponse<String> post(Engine engine, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(engine, path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<Stream<String>> lines(Engine engine, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(engine, path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofLines());
  }

  HttpResponse<String> get(Engine engine, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(engine, path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  JsonNode json(Engine engine, String path, String body) throws Exception {
    HttpResponse<String> response = post(engine, path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** Waits until a metric whose line starts so is as expected. */
  void awaitMetric(Engine engine, String start, double expected) {
    await().until(() -> metric(engine, start), value -> value == expected);
  }

  double metric(Engine engine, String start) throws Exception {
    return get(engine, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  static URI uri(Engine engine, String path) {
    return URI.create("http://127.0.0.1:" + engine.port() + path);
  }

  @Override
  public void close() {
    client.shutdownNow();
    engines.forEach(Engine::close);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
