package dev.tandem.router.proxy;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One request passed to one engine and its answer passed back, without a choice and without a
 * second attempt. Runs on the router's event loop.
 */
final class PassThrough implements Upstream.Listener {

  private final RouterParts parts;
  private final HttpServerResponse client;
  private @Nullable Upstream upstream;
  private @Nullable Relay relay;
  private boolean over;

  private PassThrough(RouterParts parts, HttpServerResponse client) {
    this.parts = parts;
    this.client = client;
  }

  /** How to send the request, given who listens. */
  interface Sending {
    Upstream send(Upstream.Listener listener);
  }

  static void start(RouterParts parts, HttpServerRequest received, Sending sending) {
    PassThrough pass = new PassThrough(parts, received.response());
    pass.client.closeHandler(gone -> pass.clientGone());
    pass.client.exceptionHandler(gone -> pass.clientGone());
    pass.upstream = sending.send(pass);
  }

  @Override
  public void replied(Reply reply, @Nullable String prefillPod, long cachedTokens) {
    if (over) {
      reply.discard();
      return;
    }
    if (prefillPod != null) {
      client.putHeader(Headers.PREFILL_POD, prefillPod);
    }
    relay =
        Relay.start(
            parts.vertx(),
            reply,
            client,
            cachedTokens,
            parts.config().limits().idle(),
            end -> over = true);
  }

  @Override
  public void failed(Failure failure) {
    if (!over) {
      over = true;
      parts.metrics().attemptFailed(failure);
      Answers.error(client, failure.error());
    }
  }

  private void clientGone() {
    if (over) {
      return;
    }
    if (relay != null) {
      relay.cancel();
    } else if (upstream != null) {
      over = true;
      upstream.cancel();
    }
  }
}
