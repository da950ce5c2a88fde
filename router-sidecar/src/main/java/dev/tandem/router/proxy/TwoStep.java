package dev.tandem.router.proxy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.router.request.LegBodies;
import dev.tandem.router.request.PrefillAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's exchange with the NIXL connector: the prompt on one engine, whose answer says where its
 * cache is, then the caller's request with that answer on another. Runs on the router's event loop.
 *
 * <ul>
 *   <li>No answer from the prefill engine, or a server error: another one, then none, and the
 *       decode engine computes the prompt itself. A client error (4xx) is the caller's and passed
 *       on.
 *   <li>An answer without complete parameters: counted; the decode engine computes the prompt.
 *   <li>The decode engine fails with parameters: once more without them, since the cache may be
 *       lost.
 *   <li>The client goes: the prefill leg is closed at once. A decode leg that may be fetching cache
 *       is closed with its first byte, because aborting a transfer can crash vLLM; at the latest
 *       after a grace period.
 * </ul>
 */
final class TwoStep implements Upstream {

  /** A prefill answer is a token and block ids: 128k tokens have 8,192 blocks of 16. */
  private static final int MOST_ANSWER = 16 << 20;

  /**
   * What an exchange needs of its surroundings.
   *
   * @param legs how to send a call
   * @param otherPrefill another prefill target, given one that failed, or null
   * @param metrics where to count
   * @param prefilled is told when the prompt has been computed
   * @param firstByte limit of each leg of a stream, and of every prefill leg
   * @param answer limit of a decode leg that is not a stream
   * @param pullGrace how long a leg that fetches cache outlives its client
   */
  record Surroundings(
      Vertx vertx,
      Legs legs,
      Function<String, @Nullable Target> otherPrefill,
      RouterMetrics metrics,
      Runnable prefilled,
      Duration firstByte,
      Duration answer,
      Duration pullGrace) {}

  /** Sends a call to a target. */
  interface Legs {
    Upstream send(Target target, Call call, Upstream.Listener listener);
  }

  private final Surroundings around;
  private final Target decode;
  private final String uri;
  private final MultiMap headers;
  private final ObjectNode body;
  private final boolean stream;
  private final Listener listener;
  private @Nullable Upstream leg;
  private boolean fetching;
  private boolean cancelled;

  private TwoStep(
      Surroundings around,
      Target decode,
      String uri,
      MultiMap headers,
      ObjectNode body,
      Listener listener) {
    this.around = around;
    this.decode = decode;
    this.uri = uri;
    this.headers = headers;
    this.body = body;
    this.stream = body.path("stream").asBoolean(false);
    this.listener = listener;
  }

  /** Begins the exchange with the prefill leg. */
  static TwoStep start(
      Surroundings around,
      Target prefill,
      Target decode,
      String uri,
      MultiMap headers,
      ObjectNode body,
      Listener listener) {
    TwoStep exchange = new TwoStep(around, decode, uri, headers, body, listener);
    exchange.prefill(prefill, true);
    return exchange;
  }

  @Override
  public void cancel() {
    cancelled = true;
    Upstream current = leg;
    if (current == null) {
      return;
    }
    if (fetching) {
      around.metrics().pullOutlived();
      around.vertx().setTimer(around.pullGrace().toMillis(), id -> current.cancel());
    } else {
      current.cancel();
    }
  }

  private void prefill(Target target, boolean another) {
    MultiMap sent = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    if (target.router()) {
      sent.set(Headers.LEG, "prefill");
    }
    Call call = call(target, sent, LegBodies.prefill(body), around.firstByte());
    leg =
        around
            .legs()
            .send(
                target,
                call,
                new Listener() {
                  @Override
                  public void replied(Reply reply, @Nullable String pod, long cached) {
                    if (reply.status() >= 400 && reply.status() < 500) {
                      listener.replied(reply, null, -1);
                    } else if (reply.status() != 200) {
                      reply.discard();
                      lost(target, another, "answers " + reply.status());
                    } else {
                      read(target, another, reply);
                    }
                  }

                  @Override
                  public void failed(Failure failure) {
                    lost(target, another, failure.message());
                  }
                });
  }

  private void read(Target target, boolean another, Reply reply) {
    Buffer answer = Buffer.buffer();
    leg = reply::discard;
    reply.consume(
        chunk -> {
          if (cancelled) {
            return;
          }
          answer.appendBuffer(chunk);
          if (answer.length() > MOST_ANSWER) {
            reply.discard();
            lost(target, another, "answers more than " + MOST_ANSWER + " bytes");
          }
        },
        () -> {
          if (!cancelled && answer.length() <= MOST_ANSWER) {
            answered(target, another, answer);
          }
        },
        broken -> {
          if (!cancelled && answer.length() <= MOST_ANSWER) {
            lost(target, another, "broke off: " + broken.getMessage());
          }
        });
  }

  private void answered(Target target, boolean another, Buffer json) {
    PrefillAnswer answer;
    try {
      answer = PrefillAnswer.read(json.getBytes());
    } catch (IOException e) {
      lost(target, another, "answers no JSON");
      return;
    }
    around.prefilled().run();
    if (!answer.missing().isEmpty()) {
      around.metrics().transferParamsMissing(target.name(), answer.missing());
    }
    if (answer.usable()) {
      fetch(target, answer);
    } else {
      aggregated();
    }
  }

  private void lost(Target target, boolean another, String why) {
    if (cancelled) {
      return;
    }
    around.metrics().prefillLost(target.name(), why);
    Target next = another ? around.otherPrefill().apply(target.name()) : null;
    if (next != null) {
      prefill(next, false);
    } else {
      aggregated();
    }
  }

  private void fetch(Target prefill, PrefillAnswer answer) {
    fetching = true;
    byte[] sent = LegBodies.decode(body, answer.transferParams());
    leg =
        decode(
            sent,
            new Listener() {
              @Override
              public void replied(Reply reply, @Nullable String pod, long cached) {
                fetching = false;
                if (cancelled) {
                  reply.discard();
                } else if (reply.status() >= 500) {
                  reply.discard();
                  again("answers " + reply.status());
                } else {
                  listener.replied(reply, prefill.name(), answer.cachedTokens());
                }
              }

              @Override
              public void failed(Failure failure) {
                fetching = false;
                if (cancelled) {
                  return;
                }
                // Nobody listens, or nobody will in time: then the same engine will not do better.
                switch (failure.kind()) {
                  case REFUSED, TIMED_OUT -> listener.failed(failure);
                  case CLOSED, STATUS, ERROR_EVENT, BAD_ANSWER -> again(failure.message());
                }
              }
            });
  }

  private void again(String why) {
    around.metrics().decodedAgain(decode.name(), why);
    aggregated();
  }

  /** The decode engine computes the prompt itself. */
  private void aggregated() {
    leg = decode(LegBodies.aggregated(body), listener);
  }

  private Upstream decode(byte[] sent, Listener told) {
    return around
        .legs()
        .send(
            decode,
            call(decode, headers, sent, stream ? around.firstByte() : around.answer()),
            told);
  }

  private Call call(Target target, MultiMap sent, byte[] json, Duration limit) {
    return new Call(
        target.name(),
        target.host(),
        target.port(),
        HttpMethod.POST,
        uri,
        sent,
        Buffer.buffer(json),
        limit);
  }
}
