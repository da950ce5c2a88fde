package dev.tandem.cli.bench;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import javax.net.SocketFactory;

/** Calls to an API server as its administrator, over eight connections that are kept. */
final class ApiServerCalls {

  private static final int CONNECTIONS = 8;

  private final SocketFactory sockets;
  private final int port;
  private final String authorization;

  ApiServerCalls(RealControlPlane plane) throws IOException, GeneralSecurityException {
    Config config = plane.client().getConfiguration();
    sockets = SSLUtils.sslContext(config).getSocketFactory();
    port = plane.client().getMasterUrl().getPort();
    String token =
        config.getOauthToken() == null ? config.getAutoOAuthToken() : config.getOauthToken();
    authorization = "Authorization: Bearer " + token + "\r\n";
  }

  byte[] post(String path, String body) {
    return KeptConnection.post(path, authorization, body);
  }

  byte[] mergePatch(String path, String body) {
    return KeptConnection.request(
        "PATCH", path, "application/merge-patch+json", authorization, body);
  }

  /**
   * Makes the calls of each number below {@code count}, those of one number one after the other,
   * and returns when all are answered.
   *
   * @throws IllegalStateException where one is refused
   */
  void forEach(int count, IntFunction<List<byte[]>> requests) {
    AtomicInteger next = new AtomicInteger();
    try {
      var unused =
          ParallelCalls.sorted(
              CONNECTIONS,
              0,
              (index, nanos) -> {
                try (KeptConnection connection = new KeptConnection(sockets, port)) {
                  for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                    for (byte[] request : requests.apply(n)) {
                      connection.call(request);
                    }
                  }
                }
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
