package dev.tandem.cli.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.tandem.api.Role;
import dev.tandem.router.choose.EngineSpeed;
import dev.tandem.router.index.MixedIndex;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import dev.tandem.router.peers.PoolView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What it costs sidecars to tell each other what they know: as many as asked for in this process,
 * each with its own loopback address, event loop and streams, quiet first and then under requests.
 * One of them routes a request now and then, and how long it takes until each other knows of it is
 * what converging takes.
 */
@Command(
    name = "peers",
    mixinStandardHelpOptions = true,
    description = "Measure how fast sidecars know what one of them routed, and what that costs.")
public final class PeersBench implements Callable<Integer> {

  @Option(names = "--sidecars", description = "How many. Default 64.")
  private int sidecars = 64;

  @Option(names = "--seconds", description = "Seconds of each phase. Default 10.")
  private int seconds = 10;

  @Option(names = "--requests", description = "Requests a second over all. Default 20.")
  private int requests = 20;

  @Option(names = "--tokens", description = "Tokens of a prompt. Default 8000.")
  private int tokens = 8_000;

  private static final int PORT = 8_201;
  private static final int PATIENCE_SECONDS = 60;

  private final List<Sidecar> all = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    if (sidecars < 2 || sidecars > 250 || requests < 1 || seconds < 1 || tokens < 64) {
      System.err.println(
          "tandem bench peers: accepted: --sidecars 2 to 250, --requests and --seconds above 0,"
              + " --tokens 64 or more");
      return 2;
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      long started = System.nanoTime();
      start(vertx);
      System.out.printf(
          "%d sidecars, %d streams, each heard by all after %.1f s%n",
          sidecars, sidecars * (sidecars - 1), (System.nanoTime() - started) / 1e9);
      System.out.println(
          "phase                          known by all, ms          a sidecar and second");
      System.out.println(
          "                               p50    p90    p99         KB sent    CPU ms");
      phase("quiet", 0);
      phase(requests + " requests/s of " + tokens + " tokens", requests);
      return 0;
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
  }

  private void start(Vertx vertx) throws Exception {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < sidecars; i++) {
      String host = "127.66.0." + (i + 1);
      peers.add(new Peer("n" + i, host, PORT, Peer.Kind.SIDECAR, Role.BOTH, "g", "m", null));
    }
    for (Peer peer : peers) {
      all.add(new Sidecar(peer, peers));
    }
    for (Sidecar sidecar : all) {
      get(vertx.deployVerticle(sidecar).toCompletionStage().toCompletableFuture());
    }
    for (Sidecar sidecar : all) {
      while (sidecar.ask(() -> sidecar.view.peersHeard()) < sidecars - 1) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
  }

  private void phase(String name, int rate) throws Exception {
    long sent = sentBytes();
    long cpu = cpuNanos();
    long from = System.nanoTime();
    Random random = new Random(1);
    List<Double> times = new ArrayList<>();
    int count = rate * seconds;
    for (int i = 0; i < count; i++) {
      sleepUntil(from + (long) (i * 1e9 / rate));
      times.addAll(route(i, random));
    }
    sleepUntil(from + TimeUnit.SECONDS.toNanos(seconds));
    double spent = (System.nanoTime() - from) / 1e9;
    System.out.printf(
        "%-28s %5s  %5s  %5s   %14.1f  %8.2f%n",
        name,
        quantile(times, 0.5),
        quantile(times, 0.9),
        quantile(times, 0.99),
        (sentBytes() - sent) / 1e3 / sidecars / spent,
        (cpuNanos() - cpu) / 1e6 / sidecars / spent);
  }

  /** One sidecar routes; milliseconds until each other one counts the request. */
  private List<Double> route(int number, Random random) throws Exception {
    Sidecar router = all.get(number % sidecars);
    String id = "bench-" + number;
    long[] prompt = random.longs(tokens / 64).toArray();
    List<CompletableFuture<Long>> known = new ArrayList<>();
    for (Sidecar sidecar : all) {
      if (sidecar != router) {
        known.add(sidecar.knows(number + 1));
      }
    }
    long started = System.nanoTime();
    String decode = all.get((number + 1) % sidecars).self.name();
    router.ask(() -> {
      router.view.routed(id, null, decode, tokens, prompt);
      return true;
    });
    List<Double> times = new ArrayList<>();
    for (CompletableFuture<Long> when : known) {
      times.add((get(when) - started) / 1e6);
    }
    return times;
  }

  private long sentBytes() throws Exception {
    long sent = 0;
    for (Sidecar sidecar : all) {
      sent += sidecar.ask(() -> sidecar.view.log().sentBytes());
    }
    return sent;
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(Math.max(0, nanos - System.nanoTime()));
  }

  private static String quantile(List<Double> times, double share) {
    if (times.isEmpty()) {
      return "-";
    }
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return "%.1f".formatted(sorted[(int) Math.min(sorted.length - 1, share * sorted.length)]);
  }

  private static <T> T get(CompletableFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** One sidecar: a view and the port its peers read. */
  private static final class Sidecar extends VerticleBase {
    private final Peer self;
    private final List<Peer> peers;
    private PoolView view;

    @SuppressWarnings("NullAway.Init") // made when it is deployed
    Sidecar(Peer self, List<Peer> peers) {
      this.self = self;
      this.peers = peers;
    }

    @Override
    public Future<?> start() {
      Pool pool = new Pool(self, List.of());
      view =
          new PoolView(
              vertx,
              vertx.createHttpClient(
                  new HttpClientOptions().setLocalAddress(self.host()).setTcpNoDelay(true),
                  new PoolOptions().setHttp1MaxSize(4)),
              pool,
              new MixedIndex(31_250),
              EngineSpeed.PRIOR,
              self.name(),
              () -> true);
      return vertx
          .createHttpServer()
          .requestHandler(request ->
              view.log()
                  .serve(request.response(), request.getParam("epoch"), request.getParam("next")))
          .listen(PORT, self.host())
          .onSuccess(open -> pool.fixed(peers));
    }

    @Override
    public Future<?> stop() {
      view.close();
      return Future.succeededFuture();
    }

    /** Completes with the time at which this many requests are known here. */
    CompletableFuture<Long> knows(int requests) {
      CompletableFuture<Long> when = new CompletableFuture<>();
      Context loop = context;
      loop.runOnContext(now -> look(requests, when));
      return when;
    }

    private void look(int requests, CompletableFuture<Long> when) {
      if (view.load().size() >= requests) {
        when.complete(System.nanoTime());
      } else {
        vertx.setTimer(1, id -> look(requests, when));
      }
    }

    <T> T ask(Callable<T> question) throws Exception {
      CompletableFuture<T> answer = new CompletableFuture<>();
      Context loop = context;
      loop.runOnContext(now -> {
        try {
          answer.complete(question.call());
        } catch (Exception e) {
          answer.completeExceptionally(e);
        }
      });
      return get(answer);
    }
  }
}
