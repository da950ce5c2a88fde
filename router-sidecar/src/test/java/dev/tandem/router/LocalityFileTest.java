package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.router.request.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the own pod is, from a downward volume as the kubelet keeps it. */
class LocalityFileTest {

  private static final String FIRST = "leaf=l1@50/rdma,node=gpu-0@50/pcie";
  private static final String CORRECTED = "leaf=l2@50/rdma,node=gpu-0@50/pcie";

  @TempDir Path volume = Path.of("unset");

  private final Vertx vertx = Vertx.vertx();
  private final String host = Pods.address();
  private final StubEngine engine = StubEngine.start(vertx, host);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable Router router;
  private String url = "";

  @BeforeEach
  void startWithAVolumeButNoStamp() throws IOException {
    stamp("");
    Files.createSymbolicLink(volume.resolve("locality"), Path.of("..data", "locality"));
    Router started =
        Router.start(
            RouterConfig.parse(
                List.of(
                    "router",
                    "--port=0",
                    "--peer-port=0",
                    "--engine-port=" + engine.port(),
                    "--model=llama",
                    "--pool=test",
                    "--locality-file=" + volume.resolve("locality")),
                Map.of("POD_NAME", "own", "POD_IP", host)),
            vertx);
    router = started;
    url = "http://%s:%d".formatted(host, started.port());
    Pods.eventually("ready", () -> send(request("/readyz").GET()).statusCode() == 200);
  }

  @AfterEach
  void stop() throws Exception {
    if (router != null) {
      router.close();
    }
    engine.close();
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aStampThatComesLaterAndIsCorrectedLaterStillCounts() throws IOException {
    assertThat(locality()).isEmpty();
    stamp(FIRST);
    Pods.eventually("the stamp", () -> locality().equals(FIRST));
    stamp(CORRECTED);
    Pods.eventually("the corrected stamp", () -> locality().equals(CORRECTED));
  }

  /** As the kubelet does: a new folder of files, and a link that is swapped over to it. */
  private void stamp(String path) throws IOException {
    Path version = Files.createTempDirectory(volume, "..version");
    Files.writeString(version.resolve("locality"), path);
    Path link = Files.createSymbolicLink(volume.resolve("..next"), version.getFileName());
    Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Where the router believes its own engine to be; empty where it does not know. */
  private String locality() {
    HttpResponse<String> answer =
        send(
            request("/v1/completions")
                .header("content-type", "application/json")
                .header("x-routing-request", "true")
                .POST(HttpRequest.BodyPublishers.ofString(Prompts.plain())));
    assertThat(answer.statusCode()).isEqualTo(200);
    try {
      JsonNode decision = Json.read(answer.body().getBytes(StandardCharsets.UTF_8));
      assertThat(decision.path("outcome").asText()).isEqualTo("endpoint");
      return decision.findPath("locality").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
