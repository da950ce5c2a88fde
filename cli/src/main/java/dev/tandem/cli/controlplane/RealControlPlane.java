package dev.tandem.cli.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * etcd, kube-apiserver, kube-controller-manager and kube-schedulers on free loopback ports, with
 * RBAC, and with their data in a folder that {@link #close()} deletes. Nodes are objects: the
 * life-cycle controller, which would taint them for want of a heartbeat, is off. The processes end
 * with this JVM whatever happens to it.
 */
public final class RealControlPlane implements ControlPlane {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long TOKEN_SECONDS = Duration.ofHours(12).toSeconds();

  private final ControlPlaneBinaries binaries;
  private final ProcessGroup processes;
  private final Identities identities;
  private final String server;
  private final Path certificate;
  private final Path kubeconfig;
  private final KubernetesClient client;

  private RealControlPlane(ControlPlaneBinaries binaries, ProcessGroup processes) {
    this.binaries = binaries;
    this.processes = processes;
    identities = new Identities(processes.folder());
    int port = LoopbackPorts.free();
    server = "https://127.0.0.1:" + port;
    certificate = processes.folder().resolve("kube-apiserver/apiserver.crt");
    Identities.ServiceAccountKeys keys = identities.serviceAccountKeys();
    startApiServer(port, startEtcd(), keys);
    kubeconfig = kubeconfig("admin", identities.adminToken());
    client = clientFor(kubeconfig);
    startControllerManager(
        keys.signing(),
        kubeconfig("system:kube-controller-manager", identities.controllerManagerToken()));
  }

  /**
   * Starts the control plane and returns when every process is healthy: a few seconds.
   *
   * @throws IllegalStateException when a process does not become healthy; the message holds the
   *     last lines of its log
   */
  public static RealControlPlane start(ControlPlaneBinaries binaries) {
    ProcessGroup processes = ProcessGroup.inTemporaryFolder();
    try {
      return new RealControlPlane(binaries, processes);
    } catch (RuntimeException e) {
      processes.close();
      throw e;
    }
  }

  /** A client that may do everything. Closed with the control plane. */
  @Override
  public KubernetesClient client() {
    return client;
  }

  /** The configuration of {@link #client()} as a file. */
  @Override
  public Path kubeconfig() {
    return kubeconfig;
  }

  @Override
  public void startSchedulers(URI extender) {
    startDefaultScheduler();
    SchedulerAccount.ensure(client);
    startScheduler(
        "tandem-scheduler",
        SchedulerConfiguration.of(extender).toJson(),
        kubeconfigOfServiceAccount(SchedulerAccount.NAMESPACE, SchedulerAccount.NAME));
  }

  /** Starts {@code default-scheduler} as Kubernetes ships it, without any extender. */
  public Scheduler startDefaultScheduler() {
    Path kubeconfig = kubeconfig("system:kube-scheduler", identities.schedulerToken());
    ChildProcess process =
        startSchedulerProcess(
            "default-scheduler", List.of("--kubeconfig=" + kubeconfig, "--leader-elect=false"));
    return () -> processes.end(process);
  }

  /** The kubectl that was built with the control plane. */
  public Path kubectl() {
    return binaries.path("kubectl");
  }

  /**
   * Writes a configuration for an existing service account, with a token the API server signed:
   * whoever uses it has the rights its roles give, and no more.
   */
  public Path kubeconfigOfServiceAccount(String namespace, String name) {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(TOKEN_SECONDS)
            .endSpec()
            .build();
    TokenRequest answer =
        client.serviceAccounts().inNamespace(namespace).withName(name).tokenRequest(request);
    return kubeconfig(
        "system:serviceaccount:" + namespace + ":" + name, answer.getStatus().getToken());
  }

  /** A client from a configuration file of this control plane; the caller closes it. */
  public KubernetesClient clientFor(Path configuration) {
    return new KubernetesClientBuilder()
        .withConfig(Config.fromKubeconfig(configuration.toFile()))
        .build();
  }

  /**
   * Starts one more kube-scheduler.
   *
   * @param name of the process, unique among those that run
   * @param configuration a {@code KubeSchedulerConfiguration}; its leader election is switched off
   *     and its API server set
   * @param kubeconfig who it is for the API server
   * @return stops it when closed; closing the control plane does too
   */
  public Scheduler startScheduler(String name, JsonNode configuration, Path kubeconfig) {
    Path file = processes.folder().resolve(name + ".json");
    try {
      JSON.writeValue(
          file.toFile(), SchedulerConfiguration.located(configuration, kubeconfig.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
    ChildProcess process = startSchedulerProcess(name, List.of("--config=" + file));
    return () -> processes.end(process);
  }

  ProcessGroup processes() {
    return processes;
  }

  ControlPlaneBinaries binaries() {
    return binaries;
  }

  /** A running kube-scheduler. */
  @FunctionalInterface
  public interface Scheduler extends AutoCloseable {
    /** Stops it. */
    @Override
    void close();
  }

  /** Stops every process and deletes their data. Closing twice is harmless. */
  @Override
  public void close() {
    client.close();
    processes.close();
  }

  private Path kubeconfig(String user, String token) {
    return identities.kubeconfig(server, certificate, user, token);
  }

  private int startEtcd() {
    int port = LoopbackPorts.free();
    String clientUrl = "http://127.0.0.1:" + port;
    String peerUrl = "http://127.0.0.1:" + LoopbackPorts.free();
    List<String> arguments =
        List.of(
            "--name=local",
            "--data-dir=" + processes.folder().resolve("etcd"),
            "--listen-client-urls=" + clientUrl,
            "--advertise-client-urls=" + clientUrl,
            "--listen-peer-urls=" + peerUrl,
            "--initial-advertise-peer-urls=" + peerUrl,
            "--initial-cluster=local=" + peerUrl,
            "--log-level=warn",
            // The data does not outlive this run, so nothing is lost by not waiting for the disk.
            "--unsafe-no-fsync");
    processes.run("etcd", binaries.path("etcd"), arguments, HealthProbe.http(port, "/health"));
    return port;
  }

  private void startApiServer(int port, int etcdPort, Identities.ServiceAccountKeys keys) {
    List<String> arguments =
        List.of(
            "--etcd-servers=http://127.0.0.1:" + etcdPort,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + certificate.getParent(),
            "--service-cluster-ip-range=10.96.0.0/16",
            "--token-auth-file=" + identities.tokenFile(),
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=" + keys.signing(),
            "--service-account-key-file=" + keys.checking(),
            // No node has a heartbeat, and this would taint them until they had.
            "--disable-admission-plugins=TaintNodesByCondition",
            "--endpoint-reconciler-type=none");
    processes.run(
        "kube-apiserver",
        binaries.path("kube-apiserver"),
        arguments,
        HealthProbe.https(port, "/readyz", certificate, identities.adminToken()));
  }

  private void startControllerManager(Path signingKey, Path kubeconfig) {
    String name = "kube-controller-manager";
    List<String> arguments = new ArrayList<>();
    arguments.add("--kubeconfig=" + kubeconfig);
    arguments.add("--leader-elect=false");
    // Its default of 20 requests a second is for a cluster that others use too.
    arguments.add("--kube-api-qps=5000");
    arguments.add("--kube-api-burst=5000");
    // With RBAC its own user may only make accounts and tokens; each controller works as its
    // account.
    arguments.add("--use-service-account-credentials=true");
    arguments.add("--service-account-private-key-file=" + signingKey);
    arguments.add("--root-ca-file=" + certificate);
    // Nodes here are objects without a heartbeat: the life-cycle controller would taint them all.
    arguments.add("--controllers=*,-node-lifecycle-controller");
    runServing(name, name, arguments);
  }

  private ChildProcess startSchedulerProcess(String name, List<String> arguments) {
    return runServing(name, "kube-scheduler", arguments);
  }

  /**
   * Runs a part that serves its health over HTTPS with a certificate it makes itself, named after
   * its binary.
   */
  private ChildProcess runServing(String name, String binary, List<String> arguments) {
    Path certificates = processes.folder().resolve(name);
    int port = LoopbackPorts.free();
    List<String> all = new ArrayList<>(arguments);
    all.add("--bind-address=127.0.0.1");
    all.add("--secure-port=" + port);
    all.add("--cert-dir=" + certificates);
    return processes.run(
        name,
        binaries.path(binary),
        all,
        HealthProbe.https(
            port, "/healthz", certificates.resolve(binary + ".crt"), identities.adminToken()));
  }
}
