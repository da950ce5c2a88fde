package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an engine tells reaches its own router and, from there, the others. */
class OwnEngineCacheTest {

  private static final String EVENTS =
      "--kv-events-config={\"enable_kv_cache_events\":true,\"publisher\":\"zmq\","
          + "\"endpoint\":\"tcp://127.0.0.1:5557\","
          + "\"replay_endpoint\":\"tcp://127.0.0.1:5567\"}";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final String host = Pods.address();
  private final String neighbour = Pods.address();

  @AfterEach
  void stop() throws Exception {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Router router(String name, String address, int enginePort, IndexConfig index) {
    List<Peer> peers =
        List.of(
            new Peer("own", host, 8201, Peer.Kind.SIDECAR, Role.BOTH, null, "m", null),
            new Peer("other", neighbour, 8201, Peer.Kind.SIDECAR, Role.BOTH, null, "m", null));
    return Router.start(
        Pods.config(name, address, Role.BOTH, null)
            .withEnginePort(enginePort)
            .withIndex(index)
            .withDiscovery(new Discovery.Fixed(peers)),
        vertx);
  }

  private String metrics(Router router) {
    try {
      return client
          .send(
              HttpRequest.newBuilder(
                      URI.create("http://" + router.host() + ":" + router.port() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void blocksTheRoutersNeverSentAreKnownToAll() throws Exception {
    try (StandIn engine = new StandIn(vertx, host);
        Router own = router("own", host, engine.port(), IndexConfig.DEFAULT);
        Router other = router("other", neighbour, 0, IndexConfig.DEFAULT)) {
      engine.compute(IntStream.range(0, 640).toArray());
      Pods.eventually(
          "its router knows", () -> metrics(own).contains("tandem_router_index_blocks 10.0"));
      Pods.eventually(
          "the other knows", () -> metrics(other).contains("tandem_router_index_blocks 10.0"));
    }
  }

  /** One API server in front of two engines, each of which publishes for itself. */
  @Test
  void everyDataParallelRankIsHeard() throws Exception {
    try (StubEngine api = StubEngine.start(vertx, host);
        StandIn zero = new StandIn(vertx, host, EVENTS);
        StandIn one = new StandIn(vertx, host, EVENTS, "--data-parallel-rank=1");
        Router own = router("own", host, api.port(), IndexConfig.DEFAULT.withPorts(5557, 5567))) {
      api.metrics(
          """
          vllm:num_requests_running{engine="0"} 0
          vllm:num_requests_running{engine="1"} 0
          vllm:num_requests_waiting{engine="0"} 0
          vllm:num_requests_waiting{engine="1"} 0
          vllm:prompt_tokens_total{engine="0"} 0
          vllm:prompt_tokens_total{engine="1"} 0
          """);
      Pods.eventually(
          "both are heard", () -> metrics(own).contains("tandem_router_kv_events_ranks 2.0"));
      zero.compute(IntStream.range(0, 640).toArray());
      one.compute(IntStream.range(1000, 1640).toArray());
      // Whoever began to listen in between knows from this that there is something to ask for.
      api.metrics(
          """
          vllm:prompt_tokens_total{engine="0"} 640
          vllm:prompt_tokens_total{engine="1"} 640
          """);
      Pods.eventually(
          "both are known", () -> metrics(own).contains("tandem_router_index_blocks 20.0"));
    }
  }

  @Test
  void anApproximateIndexDoesNotListen() throws Exception {
    IndexConfig approximate = IndexConfig.DEFAULT.withSource(IndexConfig.Source.APPROXIMATE);
    try (StandIn engine = new StandIn(vertx, host);
        Router own = router("own", host, engine.port(), approximate)) {
      engine.compute(IntStream.range(0, 640).toArray());
      assertThat(metrics(own))
          .contains("tandem_router_index_blocks 0.0")
          .contains("tandem_router_kv_events_batches_total 0.0");
    }
  }
}
