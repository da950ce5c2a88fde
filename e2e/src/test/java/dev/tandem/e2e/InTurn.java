package dev.tandem.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** One address before several servers; each request goes to the next of them. */
final class InTurn implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<URI> servers;
  private final List<AtomicInteger> asked = new ArrayList<>();
  private final AtomicInteger next = new AtomicInteger();

  private InTurn(HttpServer server, List<URI> servers) {
    this.server = server;
    this.servers = servers;
    servers.forEach(each -> asked.add(new AtomicInteger()));
    server.setExecutor(threads);
    server.createContext("/", this::pass);
    server.start();
  }

  static InTurn over(List<URI> servers) {
    try {
      return new InTurn(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16),
          List.copyOf(servers));
    } catch (IOException e) {
      throw new IllegalStateException("cannot listen: " + e.getMessage(), e);
    }
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** How many requests each server was given. */
  List<Integer> asked() {
    return asked.stream().map(AtomicInteger::get).toList();
  }

  private void pass(HttpExchange exchange) throws IOException {
    int turn = Math.floorMod(next.getAndIncrement(), servers.size());
    asked.get(turn).incrementAndGet();
    try (exchange) {
      HttpResponse<byte[]> answer =
          client.send(
              HttpRequest.newBuilder(servers.get(turn).resolve(exchange.getRequestURI()))
                  .header("Content-Type", "application/json")
                  .POST(
                      HttpRequest.BodyPublishers.ofByteArray(
                          exchange.getRequestBody().readAllBytes()))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    client.close();
    threads.close();
  }
}
