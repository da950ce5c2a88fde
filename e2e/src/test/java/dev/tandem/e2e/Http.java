package dev.tandem.e2e;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Requests as a client of a served model makes them. */
final class Http {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Http() {}

  static HttpResponse<String> get(String host, int port, String path) {
    return send(request(host, port, path).build());
  }

  /** A streamed chat completion of a few tokens. */
  static HttpResponse<String> chat(String host, int port, String model, String prompt) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("model", model).put("stream", true).put("max_tokens", 8);
    body.putArray("messages").addObject().put("role", "user").put("content", prompt);
    return send(
        request(host, port, "/v1/chat/completions")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build());
  }

  /** The sum over all label values of one metric; 0 where it is absent. */
  static double metric(String host, int port, String name) {
    return get(host, port, "/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static HttpRequest.Builder request(String host, int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + path))
        .timeout(PATIENCE);
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(request.uri() + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + request.uri(), e);
    }
  }
}
