package dev.tandem.cli.bench;

import dev.tandem.router.Router;
import dev.tandem.router.RouterConfig;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the router adds to a request: the same closed-loop load straight at an engine of a few lines
 * and through a router in front of it, in alternating rounds of one run, so that a noisy machine
 * disturbs both alike. Client, router and engine share the machine and the JVM.
 */
@Command(
    name = "router",
    mixinStandardHelpOptions = true,
    description = "Measure the time a router adds to a request, beside the engine alone.")
public final class RouterBench implements Callable<Integer> {

  @Option(names = "--connections", description = "Requests at a time. Default 1.")
  private int connections = 1;

  @Option(names = "--rounds", description = "Rounds of each kind after one to warm up. Default 5.")
  private int rounds = 5;

  @Option(names = "--requests", description = "Requests a round and connection. Default 5000.")
  private int requests = 5_000;

  @Option(names = "--body-bytes", description = "Size of a request's body. Default 2048.")
  private int bodyBytes = 2_048;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    String answer = "{\"choices\":[{\"text\":\"" + "x".repeat(1_000) + "\"}]}";
    HttpServer engine =
        vertx
            .createHttpServer()
            .requestHandler(request ->
                request
                    .body()
                    .onSuccess(body ->
                        request
                            .response()
                            .putHeader("content-type", "application/json")
                            .end(answer)));
    engine
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
    RouterConfig config =
        RouterConfig.parse(
            List.of(
                "--port=0",
                "--peer-port=0",
                "--listen-host=127.0.0.1",
                "--engine-port=" + engine.actualPort(),
                "--model=bench"),
            Map.of("POD_NAME", "bench"));
    try (Router router = Router.start(config, vertx)) {
      TimeUnit.MILLISECONDS.sleep(500); // the router looks at its engine's health first
      report(vertx.isNativeTransportEnabled(), engine.actualPort(), router.port());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
    return 0;
  }

  private void report(boolean epoll, int direct, int routed) throws InterruptedException {
    String body = body();
    ClosedLoop straight = new ClosedLoop(direct, "/v1/completions", body);
    ClosedLoop through = new ClosedLoop(routed, "/v1/completions", body);
    straight.run(connections, requests);
    through.run(connections, requests);
    List<double[]> added = new ArrayList<>();
    System.out.printf(
        "%d connections, %d byte bodies, %d requests a round, %s%n",
        connections, body.length(), connections * requests, epoll ? "epoll" : "nio");
    System.out.println("round   engine p50 / p99 ms   router p50 / p99 ms   added p50 / p99 ms");
    for (int round = 1; round <= rounds; round++) {
      double[] alone = straight.run(connections, requests);
      double[] both = through.run(connections, requests);
      double[] difference = {both[0] - alone[0], both[1] - alone[1]};
      added.add(difference);
      System.out.printf(
          "%5d   %10.3f / %.3f   %11.3f / %.3f   %10.3f / %.3f%n",
          round, alone[0], alone[1], both[0], both[1], difference[0], difference[1]);
    }
    System.out.printf(
        "median added: p50 %.3f ms, p99 %.3f ms%n", median(added, 0), median(added, 1));
  }

  private String body() {
    String head = "{\"model\":\"bench\",\"prompt\":\"";
    return head + "y".repeat(Math.max(1, bodyBytes - head.length() - 2)) + "\"}";
  }

  private static double median(List<double[]> rounds, int column) {
    double[] sorted = rounds.stream().mapToDouble(round -> round[column]).sorted().toArray();
    return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(Double.NaN);
  }
}
