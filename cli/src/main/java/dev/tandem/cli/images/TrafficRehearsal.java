package dev.tandem.cli.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The router before an engine of a few lines, or the engine stand-in by itself, given requests. */
final class TrafficRehearsal implements Rehearsal {

  private static final int REQUESTS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String CHUNK =
      "data: {\"object\":\"text_completion\",\"choices\":[{\"index\":0,\"text\":\"a\"}]}\n\n";

  private final String command;
  private final HttpServer engine;
  private final Path configuration;

  TrafficRehearsal(String command) throws IOException {
    this.command = command;
    engine = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    engine.createContext("/", TrafficRehearsal::answer);
    engine.start();
    configuration = Files.createTempFile("tandem-rehearsal", ".yaml");
    Files.writeString(
        configuration,
        """
        listenHost: 127.0.0.1
        port: 0
        peerPort: 0
        model: m
        endpoints:
          - {name: one, host: 127.0.0.1, port: %d}
        """
            .formatted(engine.getAddress().getPort()));
  }

  @Override
  public List<String> arguments() {
    return command.equals("router")
        ? List.of(command, "--config=" + configuration)
        : List.of(
            command,
            "--model",
            "m",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--standin-speed-up=1000");
  }

  @Override
  public void play(String url) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url.strip() + "/v1/completions"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"model\":\"m\",\"prompt\":\"%s\",\"max_tokens\":4,\"stream\":true}"
                        .formatted("Hello world. ".repeat(50))))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (int i = 0; i < REQUESTS; i++) {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 500 && i == REQUESTS - 1) {
          throw new IOException(
              "the %s answered %d: %s".formatted(command, response.statusCode(), response.body()));
        }
      }
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      byte[] body = (CHUNK.repeat(4) + "data: [DONE]\n\n").getBytes(StandardCharsets.US_ASCII);
      exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    engine.stop(0);
    try {
      Files.deleteIfExists(configuration);
    } catch (IOException e) {
      throw new IllegalStateException("cannot delete " + configuration, e);
    }
  }
}
