package dev.tandem.extender.record;

import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.Drawing;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what decisions were made on and what came out, in files that {@link Replay} runs again.
 *
 * <p>It stands between the watch and the picture, and between the wire and the decider. One lock
 * orders changes and calls, so that the files have them in the order in which they took effect; it
 * is held for one change or one call, and the decider takes calls one by one anyway. Encoding and
 * writing is done by a thread of its own from a bounded queue: what finds no room there is counted,
 * and recording goes on with a new segment, which begins with the whole picture.
 *
 * <p>Changes that change nothing and pods that are passed through leave no trace. Safe for many
 * threads. Never throws for what happens to the files.
 */
public final class Recorder implements AutoCloseable {
  private final ReentrantLock order = new ReentrantLock();
  private final Clock source;
  private final Moment moment;
  private final SegmentWriter writer;
  private final Mirror mirror = new Mirror();
  private volatile @Nullable Subject subject;
  private boolean restart = true;
  private long seq;

  /**
   * Prepares the folder and starts the writing thread.
   *
   * @param folder where the segments go; made if it is not there
   * @param mostBytes most that the segments in it take together; the oldest make way
   * @throws IOException if the folder cannot be made or written to
   */
  public Recorder(Path folder, long mostBytes, Clock clock) throws IOException {
    this(new SegmentWriter(new Ring(folder, mostBytes, clock)), clock);
  }

  Recorder(SegmentWriter writer, Clock clock) {
    this.source = clock;
    this.moment = new Moment(clock.millis());
    this.writer = writer;
  }

  /** The time decisions must go by: it stands still while one is made or a change takes effect. */
  public Clock clock() {
    return moment;
  }

  /** Notes every change and passes it on. */
  public ClusterFeed feed(ClusterFeed feed) {
    return new RecordedFeed(feed, this);
  }

  /** Notes when generations of nodes show, for a picture that draws them aside. */
  public Drawing drawing() {
    mirror.drawnAside();
    return new RecordedDrawing(this);
  }

  /** Notes the ends of expectations and passes them on. */
  public Consumer<String> settled(Consumer<String> settled) {
    return uid ->
        change(
            () -> settled.accept(uid), () -> mirror.settled(uid) ? new Event.Settled(uid) : null);
  }

  /**
   * Notes every call and its answer; from now on it records.
   *
   * @param about what segments begin with; asked with the recorder's lock held
   */
  public Decisions decisions(Decisions decisions, Subject about) {
    subject = about;
    return new RecordedDecisions(decisions, this);
  }

  /** Whether it still records: false once a file could not be written. */
  public boolean recording() {
    return !writer.failed();
  }

  /** Calls written so far. */
  public long written() {
    return writer.written();
  }

  /** Changes and calls that found no room in the queue and are missing in the files. */
  public long dropped() {
    return writer.dropped();
  }

  /** Writes what is queued, at most for some seconds, and closes the segment. */
  @Override
  public void close() {
    writer.close();
  }

  /** Lets a change take effect and notes it, in one step with respect to all others. */
  void change(Runnable change, Mirror.Step step) {
    order.lock();
    try {
      moment.set(source.millis());
      begin();
      change.run();
      Event event = step.take();
      if (event != null) {
        note(event);
      }
    } finally {
      order.unlock();
    }
  }

  boolean look(BooleanSupplier step) {
    order.lock();
    try {
      boolean any = step.getAsBoolean();
      if (any) {
        note(mirror.looked());
      }
      return any;
    } finally {
      order.unlock();
    }
  }

  void show(Runnable step) {
    order.lock();
    try {
      step.run();
      note(mirror.drawn());
    } finally {
      order.unlock();
    }
  }

  Decision filter(Decisions decisions, PodFacts pod, List<String> candidates) {
    order.lock();
    try {
      long start = ask(pod);
      Decision decision = decisions.filter(pod, candidates);
      long micros = (System.nanoTime() - start) / 1_000;
      if (decision instanceof Decision.Chosen) {
        mirror.expected(pod.uid());
      }
      note(new Event.Filter(seq++, moment.millis(), micros, pod, candidates, decision));
      return decision;
    } finally {
      order.unlock();
    }
  }

  Map<String, Integer> prioritize(Decisions decisions, PodFacts pod, List<String> candidates) {
    order.lock();
    try {
      long start = ask(pod);
      Map<String, Integer> scores = decisions.prioritize(pod, candidates);
      long micros = (System.nanoTime() - start) / 1_000;
      mirror.expected(pod.uid());
      note(new Event.Prioritize(seq++, moment.millis(), micros, pod, candidates, scores));
      return scores;
    } finally {
      order.unlock();
    }
  }

  Map<String, Victims> preempt(Decisions decisions, PodFacts pod, Map<String, Victims> offered) {
    order.lock();
    try {
      long start = ask(pod);
      Map<String, Victims> kept = decisions.preempt(pod, offered);
      long micros = (System.nanoTime() - start) / 1_000;
      note(new Event.Preempt(seq++, moment.millis(), micros, pod, offered, kept.keySet()));
      return kept;
    } finally {
      order.unlock();
    }
  }

  Mirror mirror() {
    return mirror;
  }

  /** Sets the time of the call, and returns when it began in nanoseconds. */
  private long ask(PodFacts pod) {
    moment.set(source.millis());
    restart |= mirror.selects(pod);
    begin();
    return System.nanoTime();
  }

  /** A segment begins before the change or call that follows, if one is due and there is room. */
  private void begin() {
    Subject about = subject;
    if (about == null || writer.failed()) {
      return;
    }
    Configuration configuration = about.configuration();
    restart |= writer.full() && mirror.drawnAsIs();
    restart |= mirror.newSelector() || !mirror.configuredAs(configuration);
    if (restart && writer.roomy() && mirror.drawnAsIs()) {
      restart = !writer.offer(mirror.start(moment.millis(), configuration, about.expected()));
    }
  }

  private void note(Event event) {
    if (restart) {
      writer.drop();
    } else if (!writer.offer(event)) {
      restart = true;
    }
  }
}
