package dev.tandem.router;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** An API server that lists and watches pods, and nothing else. */
final class StubApiServer implements AutoCloseable {

  final Map<String, ObjectNode> pods = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> tokens = new CopyOnWriteArrayList<>();
  private final List<ServerWebSocket> watches = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  volatile int refuse;

  StubApiServer(Vertx vertx) {
    server =
        vertx
            .createHttpServer()
            .requestHandler(this::list)
            .webSocketHandler(socket -> {
              asked.add(socket.uri());
              watches.add(socket);
            });
    try {
      server
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Path kubeconfig(Path directory) throws IOException {
    return Files.writeString(
        directory.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: u, user: {token: secret}}]
        """
            .formatted(server.actualPort()));
  }

  private void list(HttpServerRequest request) {
    asked.add(request.uri());
    tokens.add(String.valueOf(request.getHeader("authorization")));
    if (refuse != 0) {
      request.response().setStatusCode(refuse).end("{}");
      return;
    }
    ObjectNode list = JsonNodeFactory.instance.objectNode();
    list.putObject("metadata").put("resourceVersion", "7");
    pods.values().forEach(list.putArray("items")::add);
    request.response().end(list.toString());
  }

  void put(ObjectNode pod) {
    pods.put(pod.path("metadata").path("name").asText(), pod);
    tell("MODIFIED", pod);
  }

  void delete(String name) {
    ObjectNode pod = pods.remove(name);
    if (pod != null) {
      tell("DELETED", pod);
    }
  }

  void endWatches() {
    watches.forEach(ServerWebSocket::close);
    watches.clear();
  }

  int watching() {
    return watches.size();
  }

  void tell(String type, ObjectNode pod) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("type", type).set("object", pod);
    watches.forEach(socket -> socket.writeTextMessage(event.toString()));
  }

  /** A pod as the webhook and the kubelet leave it. */
  static ObjectNode pod(String name, String ip, String role, boolean ready) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = pod.putObject("metadata").put("name", name);
    metadata
        .putObject("labels")
        .put("production-stack.vllm.ai/pool", "pool")
        .put("production-stack.vllm.ai/group", "g")
        .put("production-stack.vllm.ai/role", role);
    metadata
        .putObject("annotations")
        .put("production-stack.vllm.ai/model", "llama")
        .put("production-stack.vllm.ai/locality", "leaf=l0@50/rdma,node=" + name + "@50/pcie");
    ObjectNode sidecar = pod.putObject("spec").putArray("initContainers").addObject();
    sidecar
        .put("name", "tandem-router")
        .putArray("ports")
        .addObject()
        .put("name", "peer")
        .put("containerPort", 8201);
    ObjectNode status = pod.putObject("status").put("podIP", ip);
    status
        .putArray("conditions")
        .addObject()
        .put("type", "Ready")
        .put("status", ready ? "True" : "False");
    return pod;
  }

  @Override
  public void close() {
    try {
      server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
