package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;

/**
 * Pods that this driver posts and binds itself over kept connections: nothing else runs that would
 * take its share of the processors, so whatever admission costs shows most.
 */
final class PostedPods implements PodArrival {

  private static final int CONNECTIONS = 8;

  private final SocketFactory sockets;
  private final int port;
  private final String header;
  private final String path;
  private final String node;

  PostedPods(RealControlPlane plane, String namespace, String node)
      throws IOException, GeneralSecurityException {
    Config config = plane.client().getConfiguration();
    sockets = SSLUtils.sslContext(config).getSocketFactory();
    port = plane.client().getMasterUrl().getPort();
    String token =
        config.getOauthToken() == null ? config.getAutoOAuthToken() : config.getOauthToken();
    header = "Authorization: Bearer " + token + "\r\n";
    path = "/api/v1/namespaces/" + namespace + "/pods";
    this.node = node;
  }

  @Override
  public void arrive(int pods, boolean engines) {
    AtomicInteger next = new AtomicInteger();
    try {
      var unused =
          ParallelCalls.sorted(
              CONNECTIONS,
              0,
              (index, nanos) -> {
                try (KeptConnection connection = new KeptConnection(sockets, port)) {
                  for (int n = next.getAndIncrement(); n < pods; n = next.getAndIncrement()) {
                    String name = "p" + n;
                    connection.call(creation(name, engines));
                    connection.call(bind(name));
                  }
                }
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private byte[] creation(String name, boolean engine) {
    return KeptConnection.post(
        path, header, engine ? SampleReview.pod(name) : SampleReview.otherPod(name));
  }

  private byte[] bind(String name) {
    return KeptConnection.post(
        path + "/" + name + "/binding",
        header,
        """
        {"apiVersion":"v1","kind":"Binding","metadata":{"name":"%s"},"target":{"apiVersion":"v1","kind":"Node","name":"%s"}}\
        """
            .formatted(name, node));
  }

  @Override
  public void end() {
    // Nobody makes them again.
  }
}
