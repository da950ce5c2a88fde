package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * Asks a process on loopback for its health over HTTP, or over HTTPS with the certificate that it
 * wrote for itself.
 */
final class HealthProbe {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private HealthProbe() {}

  static BooleanSupplier http(int port, String path) {
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    return () -> isOk(client, HttpRequest.newBuilder(uri).timeout(TIMEOUT).build());
  }

  /**
   * @param certificate the file the process writes when it starts; until then it is not healthy
   * @param token sent as bearer token
   */
  static BooleanSupplier https(int port, String path, Path certificate, String token) {
    URI uri = URI.create("https://127.0.0.1:" + port + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + token)
            .build();
    return () -> {
      if (!Files.isReadable(certificate)) {
        return false;
      }
      try (HttpClient client =
          HttpClient.newBuilder()
              .connectTimeout(TIMEOUT)
              .sslContext(TrustedAuthorities.context(Files.readAllBytes(certificate)))
              .build()) {
        return isOk(client, request);
      } catch (IOException | GeneralSecurityException e) {
        // A certificate that is only half written.
        return false;
      }
    };
  }

  private static boolean isOk(HttpClient client, HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
