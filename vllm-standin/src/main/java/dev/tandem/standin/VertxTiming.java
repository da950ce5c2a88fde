package dev.tandem.standin;

import dev.tandem.standin.schedule.Timing;
import io.netty.channel.EventLoop;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The real clock, with timers on the event loop of a Vert.x context. Vert.x's own timers count in
 * milliseconds, which a sped-up engine would notice; Netty's count in nanoseconds.
 */
final class VertxTiming implements Timing, Executor {
  private final ContextInternal context;
  private final EventLoop eventLoop;

  VertxTiming(ContextInternal context) {
    this.context = context;
    this.eventLoop = context.nettyEventLoop();
  }

  /** On the context of the caller, which must be an event loop. */
  static VertxTiming here(VertxInternal vertx) {
    return new VertxTiming(vertx.getOrCreateContext());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer after(long delayNanos, Runnable callback) {
    Future<?> pending =
        eventLoop.schedule(
            () -> context.dispatch(callback), Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
    return () -> pending.cancel(false);
  }

  @Override
  public void execute(Runnable task) {
    eventLoop.execute(() -> context.dispatch(task));
  }
}
