package dev.tandem.extender.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.extender.certificates.Authority;
import dev.tandem.extender.certificates.CertificateFiles;
import dev.tandem.extender.certificates.ServingTls;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.topology.facts.LinkSpeeds;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCertificatesTest {
  private static final String OTHERS =
      "{\"Pod\":{\"metadata\":{\"name\":\"p\"}},\"Nodes\":null,\"NodeNames\":[\"a\"]}";

  @TempDir private Path folder;
  private final Authority servers = new Authority("servers");
  private final Authority clients = new Authority("clients");
  private ServingTls tls;
  private ExtenderServer server;

  @BeforeEach
  void serve() throws Exception {
    CertificateFiles files =
        new CertificateFiles(
            folder.resolve("tls.crt"), folder.resolve("tls.key"), folder.resolve("clients.crt"));
    servers.leaf("extender").write(files.certificate(), files.key());
    clients.write(Objects.requireNonNull(files.clientAuthority()));
    tls = new ServingTls(files);
    ClusterPicture picture = new ClusterPicture(LinkSpeeds.defaults(), Clock.systemUTC());
    Journal journal = new Journal();
    Decider decider = new Decider(picture, journal, Decider.Limits.defaults(), Clock.systemUTC());
    ExtenderMetrics metrics = new ExtenderMetrics();
    Verbs verbs =
        new Verbs(new PodReader(GpuResources.of("nvidia.com/gpu")), decider, metrics, true);
    server =
        new ExtenderServer(
            new Listener("127.0.0.1", 0, tls, Listener.PATIENCE),
            verbs,
            metrics,
            picture,
            decider,
            journal,
            () -> null);
  }

  @AfterEach
  void stop() {
    server.close();
    tls.close();
  }

  private HttpResponse<String> send(SSLContext context, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path));
  }

  private HttpRequest.Builder filter() {
    return to("/filter").POST(HttpRequest.BodyPublishers.ofString(OTHERS));
  }

  @Test
  void aSchedulerWithACertificateIsAnswered() throws Exception {
    HttpResponse<String> answer = send(servers.client(clients.leaf("scheduler")), filter());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"NodeNames\":[\"a\"]");
    assertThat(answer.headers().firstValue("content-length")).isPresent();
  }

  @Test
  void whoShowsNoneMayProbeAndNothingElse() throws Exception {
    assertThat(send(servers.client(), to("/readyz")).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = send(servers.client(), filter());
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.body()).contains("tlsConfig.certFile");
    assertThat(send(servers.client(), to("/placements")).statusCode()).isEqualTo(401);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() {
    SSLContext stranger = servers.client(servers.leaf("stranger"));
    assertThatThrownBy(
            () -> {
              HttpResponse<String> answer = send(stranger, filter());
              throw new IOException("answered " + answer.statusCode());
            })
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("answered 200");
  }

  @Test
  void aClientThatTrustsAnotherAuthorityDoesNotTalkToUs() {
    SSLContext wary = clients.client(clients.leaf("scheduler"));
    assertThatThrownBy(() -> send(wary, filter())).isInstanceOf(IOException.class);
  }
}
