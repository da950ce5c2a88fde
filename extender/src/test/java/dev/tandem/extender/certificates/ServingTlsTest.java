package dev.tandem.extender.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.javalin.Javalin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServingTlsTest {
  @TempDir private Path folder;
  private final Authority old = new Authority("old");
  private final Authority next = new Authority("next");
  private CertificateFiles files;
  private ServingTls tls;
  private Javalin server;

  @BeforeEach
  void serve() throws Exception {
    files = new CertificateFiles(folder.resolve("tls.crt"), folder.resolve("tls.key"), null);
    old.leaf("server").write(files.certificate(), files.key());
    tls = new ServingTls(files, Duration.ofMillis(20));
    server =
        Javalin.create(config -> {
          config.startup.showJavalinBanner = false;
          config.jetty.addConnector((jetty, defaults) -> {
            HttpConfiguration http = new HttpConfiguration(defaults);
            http.addCustomizer(new SecureRequestCustomizer(false));
            ServerConnector connector =
                new ServerConnector(
                    jetty,
                    new SslConnectionFactory(tls.context(), HttpVersion.HTTP_1_1.asString()),
                    new HttpConnectionFactory(http));
            connector.setHost("127.0.0.1");
            return connector;
          });
          config.routes.get("/", context -> context.result("hello"));
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
    tls.close();
  }

  private String get(HttpClient client) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + "/")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static HttpClient client(Authority trusted) {
    return HttpClient.newBuilder().sslContext(trusted.client()).build();
  }

  @Test
  void newFilesAreServedWithoutARestartAndOldConnectionsStayOpen() throws Exception {
    try (HttpClient before = client(old);
        HttpClient after = client(next)) {
      assertThat(get(before)).isEqualTo("hello");
      next.leaf("server").write(files.certificate(), files.key());
      await().until(() -> tls.reloads() > 0);
      assertThat(get(after)).isEqualTo("hello");
      // It trusts only the old authority, so this can only be the connection it has.
      assertThat(get(before)).isEqualTo("hello");
    }
  }

  @Test
  void badFilesAreCountedAndTheOldOnesStayInUse() throws Exception {
    Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nhalf");
    await().until(() -> tls.refused() > 0);
    try (HttpClient client = client(old)) {
      assertThat(get(client)).isEqualTo("hello");
    }
  }

  @Test
  void aKeyOfAnotherCertificateIsRefusedByName() throws Exception {
    Path other = folder.resolve("other.key");
    next.leaf("other").write(folder.resolve("other.crt"), other);
    assertThatThrownBy(() -> new ServingTls(new CertificateFiles(files.certificate(), other, null)))
        .isInstanceOf(BadMaterialException.class)
        .hasMessageContaining("other.key is not the key of the certificate in");
  }

  @Test
  void aFileWithoutACertificateSaysWhatWouldBeAccepted() throws Exception {
    Files.writeString(files.certificate(), "hello");
    assertThatThrownBy(() -> new ServingTls(files))
        .isInstanceOf(BadMaterialException.class)
        .hasMessageContaining("tls.crt holds no certificate; accepted: PEM, leaf first");
  }
}
