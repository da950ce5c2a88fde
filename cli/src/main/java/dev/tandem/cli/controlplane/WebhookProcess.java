package dev.tandem.cli.controlplane;

import dev.tandem.cli.images.ImageStart;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A webhook in a process of its own on a loopback port, which registers itself. It ends with this
 * JVM, whatever ends that.
 */
public final class WebhookProcess implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ProcessGroup processes;
  private final ChildProcess process;
  private final Path program;
  private final int port;
  private final String caBundle;
  private final Duration readyAfter;

  private WebhookProcess(
      ProcessGroup processes,
      ChildProcess process,
      Path program,
      int port,
      String caBundle,
      Duration readyAfter) {
    this.processes = processes;
    this.process = process;
    this.program = program;
    this.port = port;
    this.caBundle = caBundle;
    this.readyAfter = readyAfter;
  }

  /**
   * Starts one as its image does; it is ready when this returns.
   *
   * @param prefix words before the JVM, such as {@code taskset -c 0}
   * @param cached whether with the image's start cache
   * @throws IllegalStateException with the end of its log when it does not become ready
   */
  public static WebhookProcess start(
      KubernetesClient client,
      Path kubeconfig,
      List<String> prefix,
      ImageStart image,
      boolean cached) {
    int port = LoopbackPorts.free();
    Path java = image.java();
    List<String> words = new ArrayList<>(prefix);
    words.add(java.toString());
    words.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    words.addAll(image.words(cached));
    words.addAll(List.of("webhook", "--kubeconfig=" + kubeconfig, "--port=" + port, "--register"));
    client.admissionRegistration().v1().mutatingWebhookConfigurations().withName("tandem").delete();
    ProcessGroup processes = ProcessGroup.inTemporaryFolder();
    TrustedClients clients = new TrustedClients();
    long start = System.nanoTime();
    try {
      ChildProcess process =
          processes.run(
              "webhook",
              Path.of(words.getFirst()),
              words.subList(1, words.size()),
              () -> ready(client, clients, port));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      String bundle = String.valueOf(bundle(client));
      return new WebhookProcess(processes, process, java.toRealPath(), port, bundle, took);
    } catch (IOException | RuntimeException e) {
      processes.close();
      throw new IllegalStateException("no webhook: " + e.getMessage(), e);
    }
  }

  private static boolean ready(KubernetesClient client, TrustedClients clients, int port) {
    String bundle = bundle(client);
    if (bundle == null) {
      return false;
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/readyz"))
            .timeout(TIMEOUT)
            .build();
    try {
      HttpClient http = clients.of(bundle);
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static @Nullable String bundle(KubernetesClient client) {
    MutatingWebhookConfiguration registered =
        client
            .admissionRegistration()
            .v1()
            .mutatingWebhookConfigurations()
            .withName("tandem")
            .get();
    return registered == null
        ? null
        : registered.getWebhooks().getFirst().getClientConfig().getCaBundle();
  }

  public int port() {
    return port;
  }

  /** Whom a client has to trust, in PEM. */
  public byte[] caBundlePem() {
    return Base64.getDecoder().decode(caBundle);
  }

  /** From the start of the process until it said that it was ready. */
  public Duration readyAfter() {
    return readyAfter;
  }

  /** The webhook itself. */
  public ProcessHandle handle() {
    return process
        .descendants()
        .filter(child -> child.info().command().filter(program.toString()::equals).isPresent())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the webhook has ended:\n" + process.tail()));
  }

  @Override
  public void close() {
    processes.close();
  }
}
