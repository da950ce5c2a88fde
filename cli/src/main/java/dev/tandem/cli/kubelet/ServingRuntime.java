package dev.tandem.cli.kubelet;

import dev.tandem.api.Keys;
import dev.tandem.router.RequestObserver;
import dev.tandem.router.Router;
import dev.tandem.router.RouterConfig;
import dev.tandem.standin.Engine;
import dev.tandem.standin.EngineConfig;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a pod's vLLM container as a stand-in engine and its {@code tandem-router} sidecar as a
 * router, both from the container's real arguments and environment. All pods share one Vert.x;
 * starting and stopping block the pod's own thread.
 */
final class ServingRuntime implements PodRuntime {

  /** The sidecar's name in every pod the webhook has seen. */
  private static final String ROUTER = "tandem-router";

  private static final Duration PROBE = Duration.ofSeconds(1);

  private final Path kubeconfig;
  private final KubeletOptions options;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final HttpClient probes =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PROBE).build();

  ServingRuntime(Path kubeconfig, KubeletOptions options) {
    this.kubeconfig = kubeconfig;
    this.options = options;
  }

  @Override
  public Running start(Pod pod, String address) throws Exception {
    Serving serving = new Serving(probes);
    try {
      DownwardFiles files = serving.keep(DownwardFiles.write(pod, address));
      Container engine = engine(pod);
      if (engine != null) {
        ContainerProcess process = ContainerProcess.of(pod, engine, address, files.pathsOf(engine));
        EngineConfig config =
            EngineConfig.parse(engineArguments(process, pod, address), process.env());
        int port = serving.keep(Engine.start(config, vertx)).port();
        serving.probes.put("engine", URI.create("http://" + address + ":" + port + "/health"));
      }
      Container router = router(pod);
      if (router != null) {
        ContainerProcess process = ContainerProcess.of(pod, router, address, files.pathsOf(router));
        RouterConfig config = RouterConfig.parse(routerArguments(process, address), process.env());
        RequestObserver observer = options.observers().apply(pod);
        serving.keep(
            Router.start(observer == null ? config : config.withObserver(observer), vertx));
        serving.probes.put(
            "router", URI.create("http://" + address + ":" + config.port() + "/readyz"));
      }
      return serving;
    } catch (Exception e) {
      serving.close();
      throw e;
    }
  }

  @Override
  public void close() {
    probes.close();
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("event loops did not stop: " + e, e);
    }
  }

  /** vLLM's container: the named one, else the first whose image says so. */
  private static @Nullable Container engine(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String named = annotations == null ? null : annotations.get(Keys.CONTAINER);
    for (Container container : pod.getSpec().getContainers()) {
      if (named == null
          ? container.getImage() != null && container.getImage().contains("vllm")
          : container.getName().equals(named)) {
        return container;
      }
    }
    return null;
  }

  private static @Nullable Container router(Pod pod) {
    for (Container container : pod.getSpec().getInitContainers()) {
      if (container.getName().equals(ROUTER)) {
        return container;
      }
    }
    return null;
  }

  /**
   * vLLM binds every address by default; here that would take the port from all other pods. In a
   * cluster the engine measures its links; here the pod's stamp tells it how slow they are.
   */
  private List<String> engineArguments(ContainerProcess process, Pod pod, String address) {
    List<String> arguments = new ArrayList<>(process.vllmArguments());
    arguments.addAll(
        List.of("--host", address, "--standin-speed-up", Double.toString(options.speedUp())));
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    String locality = annotations == null ? null : annotations.get(Keys.LOCALITY);
    if (locality != null) {
      arguments.addAll(List.of("--standin-locality", locality));
    }
    arguments.addAll(options.engineArguments());
    return arguments;
  }

  private List<String> routerArguments(ContainerProcess process, String address) {
    List<String> arguments = new ArrayList<>(process.command());
    arguments.addAll(process.arguments());
    arguments.add("--listen-host=" + address);
    arguments.add("--kubeconfig=" + kubeconfig);
    arguments.add("--speed-up=" + options.speedUp());
    arguments.addAll(options.routerArguments());
    return arguments;
  }

  /** A pod's processes, closed in the reverse of their order. */
  private static final class Serving implements Running {

    private final HttpClient http;
    private final List<AutoCloseable> kept = new ArrayList<>();
    private final Map<String, URI> probes = new LinkedHashMap<>();

    Serving(HttpClient http) {
      this.http = http;
    }

    <T extends AutoCloseable> T keep(T process) {
      kept.add(process);
      return process;
    }

    @Override
    public String obstacle() throws InterruptedException {
      for (Map.Entry<String, URI> probe : probes.entrySet()) {
        String problem = probe(probe.getValue());
        if (!problem.isEmpty()) {
          return probe.getKey() + " at " + probe.getValue() + ": " + problem;
        }
      }
      return "";
    }

    private String probe(URI uri) throws InterruptedException {
      try {
        HttpResponse<String> response =
            http.send(
                HttpRequest.newBuilder(uri).timeout(PROBE).build(),
                HttpResponse.BodyHandlers.ofString());
        return response.statusCode() == 200
            ? ""
            : response.statusCode() + " " + response.body().strip();
      } catch (IOException e) {
        return e.toString();
      }
    }

    @Override
    public void close() {
      for (AutoCloseable process : kept.reversed()) {
        try {
          process.close();
        } catch (Exception e) {
          throw new IllegalStateException("cannot stop " + process + ": " + e, e);
        }
      }
    }
  }
}
