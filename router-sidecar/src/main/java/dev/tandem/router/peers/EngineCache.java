package dev.tandem.router.peers;

import dev.tandem.router.events.CacheDeltas;
import dev.tandem.router.index.Tier;
import io.vertx.core.Context;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what the own engine tells of its cache from the thread that hears it to the router's event
 * loop. At most {@value #MOST_WAITING} messages wait there; then the hearing thread waits too, and
 * ZMQ and a replay make up for what it could not take.
 */
public final class EngineCache implements CacheDeltas {

  private static final Logger LOG = LoggerFactory.getLogger(EngineCache.class);
  private static final int MOST_WAITING = 256;
  private static final int PATIENCE_SECONDS = 10;

  private final Context loop;
  private final PoolView view;
  private final Semaphore room = new Semaphore(MOST_WAITING);

  /**
   * Tells a view.
   *
   * @param loop of the view
   */
  public EngineCache(Context loop, PoolView view) {
    this.loop = loop;
    this.view = view;
  }

  @Override
  public void started() {
    hand(() -> {
      view.ownReset();
      view.ownStored(Tier.GPU, new long[0]);
    });
  }

  @Override
  public void stored(Tier tier, long[] hashes) {
    hand(() -> view.ownStored(tier, hashes));
  }

  @Override
  public void removed(Tier tier, long[] hashes) {
    hand(() -> view.ownRemoved(tier, hashes));
  }

  private void hand(Runnable task) {
    try {
      if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the router took no news of its engine's cache for {} s", PATIENCE_SECONDS);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    loop.runOnContext(now -> {
      room.release();
      task.run();
    });
  }
}
