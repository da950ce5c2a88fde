package dev.tandem.cli.controlplane;

import java.io.IOException;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** HTTP clients that trust exactly one CA bundle each, as the API server does for a webhook. */
final class TrustedClients {

  private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();

  /**
   * The client for a bundle; it is kept.
   *
   * @param caBundle base64 of PEM certificates; null means the JDK's own trust store
   * @throws IOException when the bundle cannot be read
   */
  HttpClient of(@Nullable String caBundle) throws IOException {
    String key = caBundle == null ? "" : caBundle;
    HttpClient known = clients.get(key);
    if (known == null) {
      known = build(caBundle);
      clients.put(key, known);
    }
    return known;
  }

  private static HttpClient build(@Nullable String caBundle) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5));
    return caBundle == null ? builder.build() : builder.sslContext(context(caBundle)).build();
  }

  private static SSLContext context(String caBundle) throws IOException {
    try {
      return TrustedAuthorities.context(Base64.getDecoder().decode(caBundle));
    } catch (GeneralSecurityException e) {
      throw new IOException("its caBundle is no base64 of PEM certificates: " + e.getMessage(), e);
    }
  }
}
