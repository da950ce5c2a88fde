package dev.tandem.standin;

import dev.tandem.standin.flags.UsageError;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code tandem vllm-standin}: one engine in a process of its own, until SIGTERM. */
@Command(
    name = "vllm-standin",
    mixinStandardHelpOptions = true,
    description = {
      "A vLLM without a GPU: same HTTP API, metrics, KV events and P/D exchange, modelled time.",
      "Takes the arguments of `vllm serve`, also `vllm serve MODEL ...` as a whole; a flag vLLM",
      "does not know is an error. Prints its URL on stdout once it serves.",
      "",
      "Of its own (use the form --flag=value):",
      "  --standin-speed-up=F                       all modelled times are divided by F (1)",
      "  --standin-locality=PATH or @FILE           where the engine is, see the locality annotation",
      "  --standin-prefill-tokens-per-second=F      8000",
      "  --standin-prefill-overhead-seconds=F       0.010",
      "  --standin-seconds-per-output-token=F       0.025",
      "  --standin-cache-blocks=N                   in blocks of 16 tokens (32000)",
      "  --standin-default-output-tokens=N          a chat answer without a limit (128)",
      "  --standin-kv-event-encoding=map|array      map",
      "  --standin-fault=KIND[,rate=R][,seed=N]     500, hang, die, cut:N, error:N",
      "  --standin-side-channel-timeout-seconds=F   5",
      "  --standin-max-waiting=N                    10000; more are answered 503",
      "  --standin-max-body-bytes=N                 8388608; larger ones are answered 413",
      "  --standin-vllm-version=V                   0.28.0"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:stopped", "1:a socket could not be bound, or the engine died", "2:usage"})
public final class Main implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(Main.class);

  @Unmatched private List<String> arguments = new ArrayList<>();

  /** Runs the stand-in by itself. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).setExpandAtFiles(false).execute(args));
  }

  /**
   * Reads a vLLM command line.
   *
   * @throws UsageError see {@link EngineConfig#parse}
   */
  public static EngineConfig parse(List<String> args, Map<String, String> env) {
    return EngineConfig.parse(args, env);
  }

  @Override
  public Integer call() throws InterruptedException {
    EngineConfig config;
    try {
      config = parse(arguments, System.getenv());
    } catch (UsageError e) {
      System.err.println("vllm serve: error: " + e.getMessage());
      return 2;
    }
    // one engine needs one event loop; the sockets are opened on a worker
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
    try {
      return serve(config, vertx);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private static int serve(EngineConfig config, Vertx vertx) throws InterruptedException {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  stop.countDown();
                  awaitQuietly(stopped);
                }));
    try (Engine engine = Engine.start(config, vertx)) {
      engine.died().thenRun(stop::countDown);
      System.out.println("http://" + config.serving().host() + ":" + engine.port());
      stop.await();
      return engine.died().toCompletableFuture().isDone() ? 1 : 0;
    } catch (IOException e) {
      log.error("{}", e.getMessage());
      return 1;
    } finally {
      stopped.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
