package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.standin.Engine;
import dev.tandem.standin.EngineConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A stand-in engine of model {@code m} that tells of its cache as an injected one does. */
public final class StandIn implements AutoCloseable {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String host;
  private final Engine engine;

  /** Starts one whose pod has this loopback address; its events go to port 5557 there. */
  public StandIn(Vertx vertx, String host, String... flags) throws IOException {
    this.host = host;
    List<String> all =
        new ArrayList<>(
            List.of(
                "--host=" + host,
                "--port=0",
                "--model=m",
                // Every pod's own loopback address, which a local run maps to the pod's.
                "--kv-events-config={\"enable_kv_cache_events\":true,\"publisher\":\"zmq\","
                    + "\"endpoint\":\"tcp://127.0.0.1:5557\","
                    + "\"replay_endpoint\":\"tcp://127.0.0.1:5558\"}"));
    all.addAll(List.of(flags));
    Map<String, String> env =
        Map.of(
            "POD_IP", host,
            "VLLM_NIXL_SIDE_CHANNEL_HOST", host,
            "VLLM_NIXL_SIDE_CHANNEL_PORT", "0");
    this.engine = Engine.start(EngineConfig.parse(all, env), vertx);
  }

  public int port() {
    return engine.port();
  }

  /** Sends it a prompt, past any router. */
  public void compute(int[] tokens) throws IOException, InterruptedException {
    String ids = Arrays.stream(tokens).mapToObj(String::valueOf).collect(Collectors.joining(","));
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create("http://" + host + ":" + port() + "/v1/completions"))
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"m\",\"max_tokens\":1,\"prompt\":[" + ids + "]}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Override
  public void close() {
    engine.close();
    client.close();
  }
}
