package dev.tandem.webhook.http;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * Counts connections by what is spoken on them, so that one can see whether API servers dial for
 * each pod or keep to one connection. Any thread.
 */
final class OpenedConnections implements Connection.Listener {

  private final WebhookMetrics metrics;

  OpenedConnections(WebhookMetrics metrics) {
    this.metrics = metrics;
  }

  /** Called for the connections below HTTP, too. */
  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData http) {
      metrics.opened(http.getHttpVersion().asString());
    }
  }
}
