package dev.tandem.router;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The router as a process of its own. Serves until it is told to stop. */
@Command(
    name = "router",
    mixinStandardHelpOptions = true,
    description = "Routes requests to the engines of a pool, as a sidecar or a gateway.")
public final class Main implements Callable<Integer> {

  @Mixin private RouterFlags flags = new RouterFlags();

  /**
   * Reads the arguments and environment of a router container.
   *
   * @throws IllegalArgumentException for an unknown flag or a bad value
   */
  public static RouterConfig parse(List<String> args, Map<String, String> env) {
    return RouterFlags.parse(args, env);
  }

  @Override
  public Integer call() throws InterruptedException {
    RouterConfig config;
    try {
      config = flags.config(System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println("tandem router: " + e.getMessage());
      return CommandLine.ExitCode.USAGE;
    }
    // One event loop carries one router; native epoll where the platform has it.
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2));
    Router router;
    try {
      router = Router.start(config, vertx);
    } catch (IllegalStateException e) {
      System.err.println("tandem router: " + e.getMessage());
      vertx.close();
      return CommandLine.ExitCode.SOFTWARE;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  router.close();
                  vertx.close();
                  stopped.countDown();
                },
                "stop"));
    System.out.println("http://" + config.listenHost() + ":" + router.port());
    while (!stopped.await(1, TimeUnit.DAYS)) {
      // Served for another day.
    }
    return CommandLine.ExitCode.OK;
  }

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }
}
