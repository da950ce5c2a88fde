package dev.tandem.router;

import static org.awaitility.Awaitility.await;

import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Pods on loopback: each an address of its own with a stub engine and, if wanted, a router.
 * Addresses are 127.77.x.y, never used twice in a run.
 */
public final class Pods implements AutoCloseable {

  private static final AtomicInteger NEXT = new AtomicInteger(1);

  public final Vertx vertx = Vertx.vertx();
  private final Map<String, StubEngine> engines = new LinkedHashMap<>();
  private final Map<String, Router> routers = new LinkedHashMap<>();
  private final List<Peer> peers = new ArrayList<>();
  private final Map<String, RouterConfig> configs = new LinkedHashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private UnaryOperator<RouterConfig> change = UnaryOperator.identity();

  public static String address() {
    int n = NEXT.getAndIncrement();
    long run = ProcessHandle.current().pid() % 200;
    return "127." + (20 + run) + "." + n / 250 + "." + (1 + n % 250);
  }

  /** Changes every router's configuration from here on. */
  public Pods configure(UnaryOperator<RouterConfig> how) {
    change = how;
    return this;
  }

  /** A bare engine, in the pool as such. */
  public Pods engine(String name, Role role, @Nullable String group) {
    String host = address();
    StubEngine engine = StubEngine.start(vertx, host);
    engines.put(name, engine);
    peers.add(new Peer(name, host, engine.port(), Peer.Kind.ENGINE, role, group, "llama", null));
    return this;
  }

  /** A pod with an engine, whose router starts with {@link #start}. */
  public Pods pod(String name, Role role, @Nullable String group) {
    String host = address();
    StubEngine engine = StubEngine.start(vertx, host);
    engines.put(name, engine);
    RouterConfig config = config(name, host, role, group).withEnginePort(engine.port());
    configs.put(name, config);
    peers.add(
        new Peer(name, host, config.peerPort(), Peer.Kind.SIDECAR, role, group, "llama", null));
    return this;
  }

  /** Starts a router in every pod. */
  public Pods start() {
    configs.forEach((name, config) ->
        routers.put(
            name,
            Router.start(change.apply(config.withDiscovery(new Discovery.Fixed(peers))), vertx)));
    for (String name : configs.keySet()) {
      eventually(name + " ready", () -> get(name, "/readyz").statusCode() == 200);
      eventually(
          name + " hears its peers",
          () ->
              get(name, "/metrics")
                  .body()
                  .contains("tandem_router_peers_heard " + (configs.size() - 1) + ".0"));
    }
    return this;
  }

  /** A gateway in front of all pods. */
  public Pods gateway() {
    return gateway(address());
  }

  /** A gateway at this address in front of all pods. */
  public Pods gateway(String address) {
    RouterConfig config = config("gateway", address, Role.BOTH, null).withEnginePort(0);
    routers.put(
        "gateway",
        Router.start(change.apply(config.withDiscovery(new Discovery.Fixed(peers))), vertx));
    return this;
  }

  public static RouterConfig config(String name, String host, Role role, @Nullable String group) {
    return config(name, host, role, group, "llama");
  }

  public static RouterConfig config(
      String name, String host, Role role, @Nullable String group, String model, String... flags) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "router",
                "--port=0",
                "--peer-port=8201",
                "--role=" + role.label(),
                "--model=" + model,
                "--pool=test"));
    all.addAll(List.of(flags));
    RouterConfig parsed = RouterConfig.parse(all, Map.of("POD_NAME", name, "POD_IP", host));
    return group == null ? parsed : parsed.withGroup(group);
  }

  public StubEngine engine(String name) {
    StubEngine engine = engines.get(name);
    if (engine == null) {
      throw new IllegalArgumentException(name);
    }
    return engine;
  }

  public Router router(String name) {
    Router router = routers.get(name);
    if (router == null) {
      throw new IllegalArgumentException(name);
    }
    return router;
  }

  public String host(String name) {
    RouterConfig config = configs.get(name);
    if (config != null) {
      return config.host();
    }
    return peers.stream()
        .filter(p -> p.name().equals(name))
        .map(Peer::host)
        .findFirst()
        .orElse("127.0.0.1");
  }

  public List<Peer> peers() {
    return peers;
  }

  public HttpResponse<String> post(String pod, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + listen(pod) + path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request.build());
  }

  public HttpResponse<String> get(String pod, String path) {
    return send(
        HttpRequest.newBuilder(URI.create("http://" + listen(pod) + path))
            .timeout(Duration.ofSeconds(30))
            .build());
  }

  public String metrics(String pod) {
    return get(pod, "/metrics").body();
  }

  /** The value of a metric without labels; NaN where it is not there. */
  public double metric(String pod, String name) {
    return metrics(pod)
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(Double.NaN);
  }

  private final Map<String, String> listens = new LinkedHashMap<>();

  public String listen(String pod) {
    return listens.computeIfAbsent(pod, p -> address(p) + ":" + router(p).port());
  }

  private String address(String pod) {
    return pod.equals("gateway") ? router(pod).host() : host(pod);
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits, at most ten seconds, for something that is bound to happen. */
  public static void eventually(String what, BooleanSupplier condition) {
    await(what)
        .dontCatchUncaughtExceptions() // of threads that are stopped meanwhile
        .pollInSameThread() // what is asked about may belong to it
        .pollInterval(Duration.ofMillis(5))
        .until(condition::getAsBoolean);
  }

  @Override
  public void close() {
    routers.values().forEach(Router::close);
    engines.values().forEach(StubEngine::close);
    client.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
