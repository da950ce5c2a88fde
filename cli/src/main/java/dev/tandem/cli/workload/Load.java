package dev.tandem.cli.workload;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Sends the requests of a trace as streamed chat completions over real HTTP, each when it is due
 * (open loop), to the pods of its model in turn, as a Service would. Runs on the given Vert.x's
 * event loops; {@link #run} blocks its caller until every request has ended.
 */
public final class Load implements AutoCloseable {

  /** Connections to one pod; a Vert.x client's default of 5 would queue streams. */
  private static final int MOST_CONNECTIONS = 4096;

  /** A request without an answer after this long (real time) has failed. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final HttpClient client;
  private final double speedUp;

  /** Told as requests end, on an event loop: must be quick. */
  public interface Listener {
    /** A request was sent. */
    default void sent(int index) {}

    /** A request has ended. */
    void ended(Served served);
  }

  /**
   * @param speedUp how many of the trace's seconds pass in a real one
   */
  public Load(Vertx vertx, double speedUp) {
    this.vertx = vertx;
    this.speedUp = speedUp;
    client =
        vertx.createHttpClient(
            new HttpClientOptions().setTcpNoDelay(true).setMaxHeaderSize(64 << 10),
            new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
  }

  /**
   * Sends all requests and waits for their answers.
   *
   * @param seed decides which conversation asks for which model
   * @param salt changes every prompt's text, so that a warm-up fills no cache for what follows
   * @return in the order of the requests
   */
  public List<Served> run(
      List<TraceRequest> requests,
      List<ServedModel> models,
      long seed,
      long salt,
      Listener listener)
      throws InterruptedException {
    ModelSpread spread = new ModelSpread(models, seed);
    Map<String, AtomicInteger> turns = new HashMap<>();
    AtomicReferenceArray<Served> served = new AtomicReferenceArray<>(requests.size());
    AtomicInteger open = new AtomicInteger(requests.size());
    CompletableFuture<Void> all = new CompletableFuture<>();
    long start = System.nanoTime();
    for (int i = 0; i < requests.size(); i++) {
      int index = i;
      TraceRequest request = requests.get(i);
      ServedModel model = spread.of(request);
      int turn = turns.computeIfAbsent(model.name(), m -> new AtomicInteger()).getAndIncrement();
      ServedModel.Endpoint endpoint = model.endpoints().get(turn % model.endpoints().size());
      Exchange exchange =
          new Exchange(
              client,
              new Exchange.Plan(index, request, model.name(), endpoint, salt),
              new Exchange.Clock(start, speedUp),
              PATIENCE,
              outcome -> {
                served.set(index, outcome);
                listener.ended(outcome);
                if (open.decrementAndGet() == 0) {
                  all.complete(null);
                }
              });
      long dueMillis = Math.max(1, Math.round(request.atSeconds() * 1000 / speedUp));
      vertx.setTimer(
          dueMillis,
          timer -> {
            listener.sent(index);
            exchange.begin(vertx);
          });
    }
    await(all, requests.getLast().atSeconds() / speedUp);
    return IntStream.range(0, requests.size()).mapToObj(served::get).toList();
  }

  private static void await(CompletableFuture<Void> all, double lastDueSeconds)
      throws InterruptedException {
    try {
      // Every exchange ends by its own patience; the rest is slack for a busy machine.
      all.get((long) lastDueSeconds + 2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("requests did not end: " + e, e);
    }
  }

  /** Closes the client's connections. */
  @Override
  public void close() {
    client.close();
  }
}
