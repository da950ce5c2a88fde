package dev.tandem.router.proxy;

import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.choose.SpeedLearner;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind this router: every request to it passes here, so this is where its speed is
 * learnt. Runs on the router's event loop.
 */
final class OwnEngine {

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Target target;
  private final SpeedLearner learner;
  private final Consumer<EngineSpeed> learnt;

  OwnEngine(
      Vertx vertx,
      HttpClientAgent client,
      Target target,
      EngineSpeed prior,
      Consumer<EngineSpeed> learnt) {
    this.vertx = vertx;
    this.client = client;
    this.target = target;
    this.learner = new SpeedLearner(prior);
    this.learnt = learnt;
  }

  Target target() {
    return target;
  }

  /**
   * Sends a call whose beginning tells nothing: it fetches its cache, or is answered only after
   * many tokens.
   */
  Leg send(Call call, Upstream.Listener listener) {
    return Leg.send(vertx, client, call, watching(listener));
  }

  /**
   * Sends a call whose answer begins when its prompt has been computed.
   *
   * @param tokens prompt tokens it has to compute, as estimated by the router that chose
   */
  Leg sendPrompt(Call call, long tokens, Upstream.Listener listener) {
    double arrived = now();
    return send(
        call,
        new Upstream.Listener() {
          @Override
          public void replied(Reply reply, @Nullable String prefillPod, long cachedTokens) {
            if (reply.status() == 200) {
              learner.observed(arrived, now(), tokens);
              learnt.accept(learner.speed());
            }
            listener.replied(reply, prefillPod, cachedTokens);
          }

          @Override
          public void failed(Failure failure) {
            listener.failed(failure);
          }
        });
  }

  /** Learns from how a stream goes on, when it has ended. */
  private Upstream.Listener watching(Upstream.Listener listener) {
    return new Upstream.Listener() {
      @Override
      public void replied(Reply reply, @Nullable String prefillPod, long cachedTokens) {
        if (reply.status() == 200 && reply.isEventStream()) {
          Generation generation = new Generation(System::nanoTime);
          reply.watch(generation::chunk, () -> generated(generation));
        }
        listener.replied(reply, prefillPod, cachedTokens);
      }

      @Override
      public void failed(Failure failure) {
        listener.failed(failure);
      }
    };
  }

  private void generated(Generation generation) {
    EngineSpeed before = learner.speed();
    learner.generated(generation.gaps(), generation.seconds());
    if (!learner.speed().equals(before)) {
      learnt.accept(learner.speed());
    }
  }

  private static double now() {
    return System.nanoTime() / 1e9;
  }
}
