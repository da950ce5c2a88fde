package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.WebhookClientConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A webhook that asks another the first review of each path and repeats its answer to all others:
 * what any webhook with that answer costs an API server, with which ours is compared. It ends with
 * the control plane.
 */
public final class CannedWebhook implements AutoCloseable {
  private static final String NAME = "canned-webhook";

  private final ProcessGroup processes;
  private final ChildProcess process;
  private final String url;
  private final String caBundle;

  private CannedWebhook(ProcessGroup processes, ChildProcess process, String url, String caBundle) {
    this.processes = processes;
    this.process = process;
    this.url = url;
    this.caBundle = caBundle;
  }

  /**
   * Starts one that asks {@code asked}; it is ready when this returns.
   *
   * @throws IllegalStateException with the end of its log when it does not become ready
   */
  public static CannedWebhook start(RealControlPlane plane, WebhookProcess asked) {
    ProcessGroup processes = plane.processes();
    Path trusted = processes.folder().resolve(NAME + "-trusts.crt");
    Path own = processes.folder().resolve(NAME + ".crt");
    int port = LoopbackPorts.free();
    try {
      Files.write(trusted, asked.caBundlePem());
      ChildProcess process =
          processes.run(
              NAME,
              plane.binaries().tool(NAME),
              List.of(
                  "-listen=127.0.0.1:" + port,
                  "-webhook=https://127.0.0.1:" + asked.port(),
                  "-ca=" + trusted,
                  "-certificate=" + own),
              HealthProbe.https(port, "/readyz", own, ""));
      return new CannedWebhook(
          processes,
          process,
          "https://127.0.0.1:" + port,
          Base64.getEncoder().encodeToString(Files.readAllBytes(own)));
    } catch (IOException e) {
      throw new UncheckedIOException("no " + NAME + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same entries as {@code registered}, with this one in the other's place; under a name of its
   * own, since the other keeps what is under its name as it would have it.
   */
  public MutatingWebhookConfiguration inPlaceOf(MutatingWebhookConfiguration registered) {
    MutatingWebhookConfiguration configuration =
        new MutatingWebhookConfigurationBuilder(registered)
            .editMetadata()
            .withName(NAME)
            .endMetadata()
            .build();
    configuration
        .getWebhooks()
        .forEach(entry -> {
          WebhookClientConfig client = entry.getClientConfig();
          client.setUrl(url + URI.create(client.getUrl()).getPath());
          client.setCaBundle(caBundle);
        });
    return configuration;
  }

  /** Ends it. Closing twice is harmless. */
  @Override
  public void close() {
    processes.end(process);
  }
}
