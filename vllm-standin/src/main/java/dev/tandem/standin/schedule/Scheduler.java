package dev.tandem.standin.schedule;

import dev.tandem.standin.cache.BlockCache;
import dev.tandem.standin.cache.Hold;
import dev.tandem.standin.metrics.EngineMetrics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * One engine's work in time: a first-come-first-served prefill server, decode slots, and pulls from
 * other engines beside them.
 *
 * <p>A prefill starts when the server is idle, a slot is free, the request is head of the queue and
 * its blocks have room; its first token comes at the end of the prefill. A pulled prompt needs no
 * prefill: once its blocks are here it takes the next free slot and its first token comes one
 * decode step later. The design note is docs/design/standin-model.md.
 *
 * <p>Event loop only; no call blocks. Bounded: {@link #submit} refuses beyond {@code maxWaiting}.
 */
public final class Scheduler {
  private final TimeModel time;
  private final Timing timing;
  private final BlockCache cache;
  private final BlockKeeper keeper;
  private final EngineMetrics metrics;
  private final Limits limits;

  private final Deque<Generation> waiting = new ArrayDeque<>();
  private final Deque<Generation> waitingForRoom = new ArrayDeque<>();
  private final Deque<Generation> pulled = new ArrayDeque<>();
  private final Set<Generation> pulling = new HashSet<>();
  private boolean prefilling;
  private int running;
  private boolean pumping;

  /**
   * Bounds of one engine.
   *
   * @param slots requests that prefill or decode at once (vLLM's {@code --max-num-seqs})
   * @param maxWaiting requests that wait for that
   * @param recomputeOnLoadFailure true: a failed pull is prefilled here; false: it fails
   */
  public record Limits(int slots, int maxWaiting, boolean recomputeOnLoadFailure) {
    public Limits {
      if (slots < 1 || maxWaiting < 1) {
        throw new IllegalArgumentException(
            "slots " + slots + " and maxWaiting " + maxWaiting + " must be 1 or more");
      }
    }
  }

  /** An idle engine. */
  public Scheduler(
      TimeModel time,
      Timing timing,
      BlockCache cache,
      BlockKeeper keeper,
      EngineMetrics metrics,
      Limits limits) {
    this.time = time;
    this.timing = timing;
    this.cache = cache;
    this.keeper = keeper;
    this.metrics = metrics;
    this.limits = limits;
  }

  /** Requests that prefill or decode. */
  public int running() {
    return running;
  }

  /** Requests that wait for the prefill server, a slot or room in the cache. */
  public int waitingForCapacity() {
    return waiting.size() + waitingForRoom.size() + pulled.size();
  }

  /** Requests whose blocks are on their way. */
  public int waitingForPeers() {
    return pulling.size();
  }

  /**
   * Takes the request in.
   *
   * @return false when the waiting queue is full; nothing has happened then
   */
  public boolean submit(Generation generation) {
    if (waitingForCapacity() + waitingForPeers() >= limits.maxWaiting()) {
      return false;
    }
    generation.arrivedAt = timing.nanoTime();
    if (generation.remote == null) {
      waiting.addLast(generation);
    } else {
      generation.state = Generation.State.WAITING_FOR_ROOM;
      waitingForRoom.addLast(generation);
    }
    pump();
    return true;
  }

  /** The client is gone: forget the request and free what it holds. Harmless when it has ended. */
  public void abort(Generation generation) {
    if (generation.aborted || generation.state == Generation.State.ENDED) {
      return;
    }
    generation.aborted = true;
    metrics.finished(FinishReason.ABORT);
    switch (generation.state) {
      case WAITING -> waiting.remove(generation);
      case WAITING_FOR_ROOM -> {
        waitingForRoom.remove(generation);
        remote(generation).abandon();
      }
      case PULLING -> {
        remote(generation).abandon();
        return; // the blocks are being written: they are freed when the pull has ended
      }
      case PULLED -> pulled.remove(generation);
      case PREFILLING -> {
        prefilling = false;
        running--;
      }
      case DECODING -> running--;
      case ENDED -> throw new AssertionError("checked above");
    }
    end(generation);
    pump();
  }

  /** Blocks that others held have become free. */
  public void roomFreed() {
    pump();
  }

  /** Starts whatever can start. Calls made from inside only mark that there may be more to do. */
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (startPull() || startPulled() || startPrefill()) {
        // each start may make room for the next
      }
    } finally {
      pumping = false;
    }
  }

  private boolean startPull() {
    Generation head = waitingForRoom.peekFirst();
    if (head == null) {
      return false;
    }
    Hold hold = cache.admit(head.plan().prompt());
    if (hold == null) {
      return false;
    }
    waitingForRoom.removeFirst();
    head.hold = hold;
    head.state = Generation.State.PULLING;
    pulling.add(head);
    metrics.prefixLookup(head.plan().prompt().tokens().length, hold.cachedTokens());
    remote(head)
        .pull(
            hold.missingBlocks(),
            head.plan().prompt().blocks(),
            new RemotePrefill.Outcome() {
              @Override
              public void received() {
                pullReceived(head);
              }

              @Override
              public void failed(String why) {
                pullFailed(head, why);
              }
            });
    return true;
  }

  private void pullReceived(Generation generation) {
    pulling.remove(generation);
    if (generation.aborted) {
      end(generation);
    } else {
      hold(generation).complete();
      int tokens = generation.plan().prompt().tokens().length;
      metrics.externalLookup(tokens - hold(generation).cachedTokens());
      generation.pulled = true;
      generation.cachedTokens = tokens - 1; // vLLM computes the last prompt token itself
      generation.state = Generation.State.PULLED;
      pulled.addLast(generation);
    }
    pump();
  }

  private void pullFailed(Generation generation, String why) {
    pulling.remove(generation);
    metrics.failedTransfer();
    if (generation.aborted) {
      end(generation);
    } else if (limits.recomputeOnLoadFailure()) {
      hold(generation).release();
      generation.hold = null;
      generation.remote = null;
      generation.state = Generation.State.WAITING;
      waiting.addFirst(generation);
    } else {
      metrics.finished(FinishReason.ERROR);
      end(generation);
      generation.listener().failed(why);
    }
    pump();
  }

  private boolean startPulled() {
    if (running >= limits.slots() || pulled.isEmpty()) {
      return false;
    }
    Generation head = pulled.removeFirst();
    running++;
    head.state = Generation.State.DECODING;
    head.startedAt = timing.nanoTime();
    head.timer = timing.after(time.decodeNanos(1), () -> firstToken(head));
    return true;
  }

  private boolean startPrefill() {
    Generation head = waiting.peekFirst();
    if (head == null || prefilling || running >= limits.slots()) {
      return false;
    }
    Hold hold = cache.admit(head.plan().prompt());
    if (hold == null) {
      return false;
    }
    waiting.removeFirst();
    prefilling = true;
    running++;
    head.hold = hold;
    head.state = Generation.State.PREFILLING;
    head.startedAt = timing.nanoTime();
    head.cachedTokens = hold.cachedTokens();
    int tokens = head.plan().prompt().tokens().length;
    metrics.prefixLookup(tokens, head.cachedTokens);
    head.timer =
        timing.after(time.prefillNanos(tokens - head.cachedTokens), () -> prefillEnded(head));
    return true;
  }

  private void prefillEnded(Generation generation) {
    prefilling = false;
    hold(generation).complete();
    generation.state = Generation.State.DECODING;
    firstToken(generation);
    pump();
  }

  private void firstToken(Generation generation) {
    long now = timing.nanoTime();
    generation.firstTokenAt = now;
    generation.lastTokenAt = now;
    metrics.firstToken(
        generation.plan().prompt().tokens().length,
        generation.cachedTokens,
        generation.pulled,
        generation.startedAt - generation.arrivedAt,
        now - generation.startedAt,
        now - generation.arrivedAt);
    emit(generation, generation.plan().streamed() ? 1 : 0);
    decodeOn(generation);
  }

  /** Waits for the next chunk, or ends when all tokens are out. */
  private void decodeOn(Generation generation) {
    if (generation.state == Generation.State.ENDED) {
      return; // the listener aborted while it was handed tokens
    }
    Generation.Plan plan = generation.plan();
    int next =
        plan.streamed()
            ? Math.min(plan.outputTokens(), generation.emitted + plan.chunkTokens())
            : plan.outputTokens();
    long due = generation.firstTokenAt + time.decodeNanos(next - 1);
    long now = timing.nanoTime();
    if (generation.emitted == plan.outputTokens() || (!plan.streamed() && next == 1)) {
      emit(generation, plan.outputTokens());
      finish(generation);
      return;
    }
    generation.timer = timing.after(due - now, () -> chunkDue(generation, next));
  }

  private void chunkDue(Generation generation, int atLeast) {
    // a late timer hands over all that is due by now
    int due = 1 + time.decodedAfter(timing.nanoTime() - generation.firstTokenAt);
    emit(generation, Math.min(generation.plan().outputTokens(), Math.max(atLeast, due)));
    decodeOn(generation);
  }

  private void emit(Generation generation, int upTo) {
    int from = generation.emitted;
    if (upTo <= from || generation.state == Generation.State.ENDED) {
      return;
    }
    generation.emitted = upTo;
    long now = timing.nanoTime();
    metrics.generated(
        upTo - from, from == 0 ? upTo - from - 1 : upTo - from, now - generation.lastTokenAt);
    generation.lastTokenAt = now;
    generation.listener().tokens(from, upTo);
  }

  private void finish(Generation generation) {
    if (generation.state == Generation.State.ENDED) {
      return; // the listener aborted while it was handed the last tokens
    }
    running--;
    long now = timing.nanoTime();
    metrics.finished(generation.plan().reason());
    metrics.ended(
        now - generation.arrivedAt,
        now - generation.startedAt,
        now - generation.firstTokenAt,
        generation.emitted);
    int[] kept = null;
    if (generation.plan().keepForPeer()) {
      kept = hold(generation).blockIds();
      keeper.keep(generation.plan().id(), hold(generation));
      generation.hold = null;
    }
    end(generation);
    generation.listener().finished(kept);
    pump();
  }

  /** The one place where a generation's timer and blocks are let go. */
  private void end(Generation generation) {
    generation.state = Generation.State.ENDED;
    if (generation.timer != null) {
      generation.timer.cancel();
      generation.timer = null;
    }
    if (generation.hold != null) {
      generation.hold.release();
      generation.hold = null;
    }
  }

  private static RemotePrefill remote(Generation generation) {
    return Objects.requireNonNull(generation.remote, "a pulled request has a remote side");
  }

  private static Hold hold(Generation generation) {
    return Objects.requireNonNull(generation.hold, "a started request holds blocks");
  }
}
