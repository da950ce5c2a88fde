package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A control plane that needs only this JVM: fabric8's API server stand-in on a loopback port, a
 * Deployment loop and a scheduling loop. Both speak the real protocols to the product: admission
 * reviews over HTTPS to the registered webhooks, extender calls over HTTP.
 *
 * <p>What it does not have, and {@code --control-plane real} has: schema checks, server-side apply,
 * other admission plugins, CEL, preemption, garbage collection beyond a Deployment's own pods. Pods
 * are admitted when the Deployment loop creates them; a pod another client posts is stored as it
 * is.
 */
public final class EmbeddedControlPlane implements ControlPlane {

  /**
   * The account kube-scheduler uses by itself, and the one our second kube-scheduler runs as: the
   * webhook's entries tell their binds apart by it.
   */
  private static final String DEFAULT_SCHEDULER_USER = "system:kube-scheduler";

  private static final String TANDEM_SCHEDULER_USER =
      "system:serviceaccount:tandem-system:tandem-scheduler";

  // Held, because the log manager keeps loggers only weakly and would forget the level.
  private static final Logger API_SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  private final KubernetesMockServer server;
  private final KubernetesClient client;
  private final Path kubeconfig;
  private final long seed;
  private final AdmissionClient admission;
  private final DeploymentLoop deployments;
  private @Nullable SchedulerLoop scheduler;

  private EmbeddedControlPlane(KubernetesMockServer server, Path kubeconfig, long seed) {
    this.server = server;
    this.kubeconfig = kubeconfig;
    this.seed = seed;
    client = new KubernetesClientBuilder().withConfig(config(server.getPort())).build();
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("default")
                .addToLabels("kubernetes.io/metadata.name", "default")
                .endMetadata()
                .build())
        .create();
    admission = new AdmissionClient(client);
    deployments = new DeploymentLoop(client, admission, new Random(seed));
  }

  /**
   * Starts the API server on a free loopback port and the Deployment loop.
   *
   * @param seed decides pod names and the default scheduler's choice among equal nodes
   */
  public static EmbeddedControlPlane start(long seed) {
    API_SERVER_LOG.setLevel(Level.WARNING);
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            new HashMap<>(),
            new KubernetesCrudDispatcher(List.of()),
            false);
    server.init(InetAddress.getLoopbackAddress(), 0);
    return new EmbeddedControlPlane(server, writeKubeconfig(server.getPort()), seed);
  }

  @Override
  public KubernetesClient client() {
    return client;
  }

  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void startSchedulers(URI extender) {
    if (scheduler != null) {
      throw new IllegalStateException("the schedulers of this control plane run already");
    }
    scheduler =
        new SchedulerLoop(
            client,
            admission,
            Map.of(
                "default-scheduler",
                new SchedulerLoop.Profile(DEFAULT_SCHEDULER_USER, null),
                "tandem",
                new SchedulerLoop.Profile(TANDEM_SCHEDULER_USER, new ExtenderClient(extender))),
            new Random(seed));
  }

  @Override
  public void close() {
    if (scheduler != null) {
      scheduler.close();
    }
    deployments.close();
    client.close();
    closeServer();
    try {
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + kubeconfig, e);
    }
  }

  /**
   * Does not wait for it beyond the 10 s after which the stand-in gives up. It does so where a
   * watch was closed while an event was on its way: its WatchEventsListener.onClosed then holds the
   * event loop until an executor ends that needs the loop. Its threads end with the process.
   */
  private void closeServer() {
    try {
      server.destroy();
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      API_SERVER_LOG.log(
          Level.WARNING, "The embedded API server did not close in time; it ends with the process");
    }
  }

  private static Config config(int port) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("http://127.0.0.1:" + port)
        .withNamespace("default")
        // The stand-in speaks HTTP/1.1; trying to upgrade each connection only costs time.
        .withHttp2Disable(true)
        .build();
  }

  private static Path writeKubeconfig(int port) {
    try {
      Path file = Files.createTempFile("tandem-", ".kubeconfig");
      return Files.writeString(
          file,
          """
          apiVersion: v1
          kind: Config
          clusters:
            - name: local
              cluster:
                server: http://127.0.0.1:%d
          users:
            - name: admin
              user: {}
          contexts:
            - name: local
              context: {cluster: local, user: admin, namespace: default}
          current-context: local
          """
              .formatted(port));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a kubeconfig to the temporary directory", e);
    }
  }
}
