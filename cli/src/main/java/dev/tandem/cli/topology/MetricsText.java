package dev.tandem.cli.topology;

import dev.tandem.topology.imports.Source;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The metrics of an engine, from a file or a URL; at most 32 MB, within 10 seconds. */
final class MetricsText {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private MetricsText() {}

  /**
   * Reads it.
   *
   * @throws IOException if it cannot be read, or the answer is not 200
   * @throws IllegalArgumentException if it is too large
   */
  static String read(String origin) throws IOException {
    if (!origin.startsWith("http://") && !origin.startsWith("https://")) {
      try (InputStream file = Files.newInputStream(Path.of(origin))) {
        return text(origin, file);
      }
    }
    HttpRequest request = HttpRequest.newBuilder(URI.create(origin)).timeout(PATIENCE).build();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
      HttpResponse<InputStream> answer =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw new IOException(origin + ": status " + answer.statusCode());
        }
        return text(origin, body);
      }
    } catch (ConnectException e) { // which says nothing
      throw new IOException(origin + ": nobody answers there", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(origin + ": interrupted", e);
    }
  }

  private static String text(String origin, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes((int) Source.MOST_BYTES + 1);
    if (bytes.length > Source.MOST_BYTES) {
      throw new IllegalArgumentException(
          origin + ": more than " + Source.MOST_BYTES + " bytes; accepted: at most that many");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
