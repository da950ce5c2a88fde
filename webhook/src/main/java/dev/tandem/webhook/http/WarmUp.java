package dev.tandem.webhook.http;

import dev.tandem.api.Keys;
import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.KeyedCertificate;
import dev.tandem.webhook.certificates.ServedIdentity;
import dev.tandem.webhook.certificates.WebhookRegistration;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.TlsConnections;
import dev.tandem.webhook.tls.TlsLibrary;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reviews made up pods and Bindings through a server of its own on loopback, TLS included, before
 * the real one opens. The API server gives a bind one second, and in a fresh JVM the first
 * handshake and the first review are what takes longest by far.
 */
public final class WarmUp {

  private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

  /** Enough to load every class on the path and to compile the parser; well under a second. */
  private static final int ROUNDS = 10;

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String POD =
      """
      {"metadata":{"labels":{"%s":"true"},"annotations":{"%s":"prefill","%s":"g"}},
      "spec":{"containers":[{"name":"vllm","image":"vllm/vllm-openai:v0.26.0","args":["--model","m"],
      "ports":[{"containerPort":8000}]}]}}
      """
          .formatted(Keys.INJECT, Keys.ROLE, Keys.GROUP);

  private static final String BINDING =
      """
      {"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}
      """;

  private WarmUp() {}

  /** Runs once, and never fails: a webhook that starts cold still serves. */
  public static void run(Injector injector, TlsLibrary library) {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    KeyedCertificate authority = issuer.authority("tandem warm-up", Duration.ofHours(1));
    KeyedCertificate leaf =
        issuer.leaf(authority, List.of("127.0.0.1"), Duration.ofHours(1), Purpose.SERVER);
    ServedIdentity served = new ServedIdentity();
    served.show(new Identity(List.of(leaf.certificate()), leaf.key()));
    try (WebhookServer server =
        new WebhookServer(
            "127.0.0.1",
            0,
            new TlsConnections(served, library),
            injector,
            new BindingStamp(node -> null),
            event -> {},
            new WebhookMetrics(),
            () -> null)) {
      review("https://127.0.0.1:" + server.port(), trust(authority.certificate()));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      log.warn("warm-up failed, the first reviews will be slow: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Over HTTP/1.1, as behind a Service, and over HTTP/2, as on the API server's host. */
  private static void review(String url, SSLContext trust)
      throws IOException, InterruptedException {
    try (HttpClient http =
        HttpClient.newBuilder().sslContext(trust).connectTimeout(TIMEOUT).build()) {
      for (int i = 0; i < ROUNDS; i++) {
        for (HttpClient.Version version :
            List.of(HttpClient.Version.HTTP_1_1, HttpClient.Version.HTTP_2)) {
          post(http, version, url + WebhookRegistration.PODS_PATH, review("Pod", POD));
          post(http, version, url + WebhookRegistration.BINDINGS_PATH, review("Binding", BINDING));
        }
      }
    }
  }

  private static void post(HttpClient http, HttpClient.Version version, String url, String review)
      throws IOException, InterruptedException {
    var unused =
        http.send(
            HttpRequest.newBuilder(URI.create(url))
                .version(version)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(review))
                .build(),
            HttpResponse.BodyHandlers.discarding());
  }

  private static String review(String kind, String object) {
    return """
    {"apiVersion":"%s","kind":"%s","request":{"uid":"warm-up","operation":"CREATE",
    "namespace":"warm-up","kind":{"group":"","version":"v1","kind":"%s"},"object":%s}}
    """
        .formatted(AdmissionWire.API_VERSION, AdmissionWire.KIND, kind, object);
  }

  private static SSLContext trust(X509Certificate authority)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", authority);
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }
}
