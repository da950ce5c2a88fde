package dev.tandem.edge.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * An API server stand-in on a free loopback port, with a client for it. In a field with JUnit's
 * {@code @AutoClose}: a static one lasts as long as its class, another one as long as its test.
 */
public final class MockCluster implements AutoCloseable {

  private static final Logger SERVER_LOG = Logger.getLogger(MockWebServer.class.getName());

  private final KubernetesMockServer server;
  private final KubernetesClient client;

  public MockCluster() {
    SERVER_LOG.setLevel(Level.WARNING);
    Map<ServerRequest, Queue<ServerResponse>> expected = new HashMap<>();
    this.server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            expected,
            new KubernetesMixedDispatcher(expected),
            false);
    server.init();
    this.client = server.createClient();
  }

  public KubernetesClient client() {
    return client;
  }

  /** For answers of its own: what it is told to expect comes before what it stores. */
  public KubernetesMockServer server() {
    return server;
  }

  /**
   * Closes the client, then the server. The server gives up after 10 s where a watch was closed
   * while an event was on its way: fabric8's WatchEventsListener.onClosed then holds the event loop
   * until its executor ends, and that executor needs the loop. It says nothing about the code under
   * test, so it is logged and no failure.
   */
  @Override
  public void close() {
    client.close();
    try {
      server.destroy();
    } catch (IllegalStateException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      SERVER_LOG.log(Level.WARNING, "the API server stand-in did not close in time", e);
    }
  }
}
