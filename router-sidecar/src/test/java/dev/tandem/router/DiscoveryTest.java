package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A router learns its peers from an API server. */
class DiscoveryTest {

  @TempDir Path directory = Path.of("unset");

  private final Pods pods = new Pods();
  private StubApiServer api = new StubApiServer(pods.vertx);
  private @Nullable Router router;
  private String url = "";

  @BeforeEach
  void startEngine() {
    pods.engine("own", Role.DECODE, "g");
  }

  @AfterEach
  void stop() {
    if (router != null) {
      router.close();
    }
    api.close();
    pods.close();
  }

  private void startRouter() throws Exception {
    RouterConfig config =
        Pods.config("own", pods.host("own"), Role.DECODE, "g")
            .withEnginePort(pods.engine("own").port())
            .withPool("pool")
            .withDiscovery(new Discovery.Kubeconfig(api.kubeconfig(directory)));
    start(config);
  }

  private void start(RouterConfig config) {
    Router started = Router.start(config, pods.vertx);
    router = started;
    url = pods.host("own") + ":" + started.port();
  }

  private String get(String path) {
    try (RawClient client = new RawClient(url)) {
      return client
          .write("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
          .readUntil("\u0000");
    }
  }

  private boolean members(int n) {
    return get("/metrics").contains("tandem_router_pool_members " + n + ".0");
  }

  @Test
  void readyPodsOfThePoolAreMembersAndOthersAreNot() throws Exception {
    api.put(StubApiServer.pod("p0", Pods.address(), "prefill", true));
    api.put(StubApiServer.pod("p1", Pods.address(), "prefill", false));
    startRouter();
    Pods.eventually("own and p0", () -> members(2));
    assertThat(api.asked.getFirst())
        .startsWith("/api/v1/namespaces/default/pods?")
        .contains("labelSelector=production-stack.vllm.ai%2Fpool%3Dpool");
    assertThat(api.tokens).contains("Bearer secret");
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200");
  }

  @Test
  void podsThatBecomeReadyJoinAndPodsThatGoLeave() throws Exception {
    startRouter();
    Pods.eventually("watching", () -> api.watching() == 1);
    api.put(StubApiServer.pod("p0", Pods.address(), "prefill", false));
    api.put(StubApiServer.pod("p1", Pods.address(), "prefill", true));
    Pods.eventually("own and p1", () -> members(2));
    api.put(StubApiServer.pod("p1", Pods.address(), "prefill", false));
    Pods.eventually("own", () -> members(1));
    api.put(StubApiServer.pod("p0", Pods.address(), "prefill", true));
    Pods.eventually("own and p0", () -> members(2));
    api.delete("p0");
    Pods.eventually("own again", () -> members(1));
  }

  @Test
  void aWatchThatEndsIsBegunAgainWithAList() throws Exception {
    startRouter();
    Pods.eventually("watching", () -> api.watching() == 1);
    api.pods.put("p0", StubApiServer.pod("p0", Pods.address(), "prefill", true));
    api.endWatches();
    Pods.eventually("own and p0", () -> members(2));
    Pods.eventually("watching again", () -> api.watching() == 1);
  }

  @Test
  void refusedTheRouterServesItsOwnEngineAndSaysSo() throws Exception {
    api.refuse = 403;
    startRouter();
    Pods.eventually("ready", () -> get("/readyz").startsWith("HTTP/1.1 200"));
    assertThat(get("/metrics"))
        .contains("tandem_router_discovery_up 0.0")
        .contains("tandem_router_pool_members 1.0");
    try (RawClient client = new RawClient(url)) {
      assertThat(client.post("/v1/completions", Prompts.plain()).readUntil("\r\n\r\n"))
          .startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void allowedLaterTheRouterFindsItsPeers() throws Exception {
    api.refuse = 403;
    api.pods.put("p0", StubApiServer.pod("p0", Pods.address(), "prefill", true));
    startRouter();
    Pods.eventually("refused", () -> get("/metrics").contains("tandem_router_discovery_up 0.0"));
    api.refuse = 0;
    Pods.eventually("own and p0", () -> members(2));
    assertThat(get("/metrics")).contains("tandem_router_discovery_up 1.0");
  }

  @Test
  void anUnreachableApiServerIsNoReasonNotToServe() throws Exception {
    Path kubeconfig = api.kubeconfig(directory);
    api.close();
    start(
        Pods.config("own", pods.host("own"), Role.DECODE, "g")
            .withEnginePort(pods.engine("own").port())
            .withDiscovery(new Discovery.Kubeconfig(kubeconfig)));
    Pods.eventually("ready", () -> get("/readyz").startsWith("HTTP/1.1 200"));
    api = new StubApiServer(pods.vertx);
  }
}
