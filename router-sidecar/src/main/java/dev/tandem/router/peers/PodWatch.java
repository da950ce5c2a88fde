package dev.tandem.router.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tandem.api.Keys;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link Pool} equal to the ready pods with the pool's label: lists them, then watches over
 * a WebSocket from the list's version on, and lists again whenever the watch ends. Refused or
 * unreachable, it says so once, leaves the members known so far and tries again, first after a
 * second, then ever later up to 30 s. Runs on the router's event loop.
 *
 * <p>A client of our own and not a library's, for its memory: docs/design/router-discovery.md.
 */
public final class PodWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);
  private static final JsonMapper JSON = new JsonMapper();

  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long LAST_RETRY_MILLIS = 30_000;
  // The API server ends a watch after this long; one that says nothing for longer is dead.
  private static final int WATCH_SECONDS = 300;
  private static final int MOST_PODS = 500;
  // etcd holds objects of at most 1.5 MB, and JSON escapes little.
  private static final int MOST_EVENT_BYTES = 4 << 20;
  private static final int MOST_LIST_BYTES = 64 << 20;

  private final Vertx vertx;
  private final ApiServer server;
  private final String path;
  private final Pool pool;
  private final String poolName;
  private final HttpClientAgent client;
  private final WebSocketClient watchClient;
  private long retryMillis = FIRST_RETRY_MILLIS;
  private @Nullable WebSocket watch;
  private boolean closed;

  private PodWatch(Vertx vertx, ApiServer server, String namespace, String poolName, Pool pool) {
    this.vertx = vertx;
    this.server = server;
    this.pool = pool;
    this.poolName = poolName;
    this.path =
        "/api/v1/namespaces/"
            + encode(namespace)
            + "/pods?labelSelector="
            + encode(Keys.POOL + "=" + poolName);
    HttpClientOptions options = new HttpClientOptions();
    secure(options, server);
    WebSocketClientOptions watching =
        new WebSocketClientOptions()
            .setMaxFrameSize(MOST_EVENT_BYTES)
            .setMaxMessageSize(MOST_EVENT_BYTES);
    secure(watching, server);
    this.client = vertx.createHttpClient(options);
    this.watchClient = vertx.createWebSocketClient(watching);
  }

  /**
   * Starts watching the cluster's own API server.
   *
   * @throws IOException when the service account's files cannot be read
   */
  public static PodWatch inCluster(
      Vertx vertx,
      String host,
      int port,
      Path account,
      String namespace,
      String poolName,
      Pool pool)
      throws IOException {
    ApiServer server = ApiServer.inCluster(host, port, account);
    return new PodWatch(vertx, server, namespace, poolName, pool).start();
  }

  /**
   * Starts watching the API server of a kubeconfig file.
   *
   * @throws IOException when the file cannot be read or names no server
   */
  public static PodWatch kubeconfig(
      Vertx vertx, Path file, String namespace, String poolName, Pool pool) throws IOException {
    ApiServer server = ApiServer.kubeconfig(file);
    return new PodWatch(vertx, server, namespace, poolName, pool).start();
  }

  private PodWatch start() {
    list();
    return this;
  }

  private void list() {
    if (closed) {
      return;
    }
    MultiMap headers;
    try {
      headers = headers();
    } catch (IOException e) {
      unavailable("the token cannot be read: " + e.getMessage());
      return;
    }
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(server.host())
            .setPort(server.port())
            .setURI(path + "&limit=" + MOST_PODS)
            .setConnectTimeout(5_000)
            .setIdleTimeout(30_000)
            .setHeaders(headers);
    client
        .request(request)
        .compose(sent -> sent.send().compose(PodWatch::body))
        .onComplete(answer -> {
          if (answer.succeeded()) {
            listed(answer.result());
          } else {
            unavailable("the API server cannot be reached: " + answer.cause().getMessage());
          }
        });
  }

  private record Answer(int status, Buffer body) {}

  private static Future<Answer> body(HttpClientResponse response) {
    String length = response.getHeader("content-length");
    if (length != null && Long.parseLong(length) > MOST_LIST_BYTES) {
      return Future.failedFuture("a list of " + length + " bytes");
    }
    return response.body().map(body -> new Answer(response.statusCode(), body));
  }

  private void listed(Answer answer) {
    if (answer.status() != 200) {
      unavailable(
          "the API server answers " + answer.status() + " to " + path + hint(answer.status()));
      return;
    }
    JsonNode list;
    try {
      list = JSON.readTree(answer.body().getBytes());
    } catch (IOException e) {
      unavailable("the list of pods is not JSON: " + e.getMessage());
      return;
    }
    List<Peer> peers = new ArrayList<>();
    for (JsonNode pod : list.path("items")) {
      peers.addAll(PodReader.peers(pod, poolName));
    }
    pool.replace(peers);
    if (pool.status() instanceof Pool.Status.Unavailable) {
      LOG.info("peers are known again: {} in the pool", peers.size());
    }
    pool.status(new Pool.Status.Synced());
    watch(list.path("metadata").path("resourceVersion").asText(""));
  }

  private static String hint(int status) {
    return status == 401 || status == 403
        ? "; the pod's service account needs get, list and watch on pods in its namespace"
        : "";
  }

  private void watch(String version) {
    WebSocketConnectOptions connect =
        new WebSocketConnectOptions()
            .setHost(server.host())
            .setPort(server.port())
            .setSsl(server.tls())
            .setURI(
                path
                    + "&watch=true&allowWatchBookmarks=true&timeoutSeconds="
                    + WATCH_SECONDS
                    + "&resourceVersion="
                    + encode(version));
    connect.setTimeout(10_000);
    try {
      connect.setHeaders(headers());
    } catch (IOException e) {
      unavailable("the token cannot be read: " + e.getMessage());
      return;
    }
    watchClient
        .connect(connect)
        .onComplete(opened -> {
          if (opened.failed()) {
            unavailable("pods cannot be watched: " + opened.cause().getMessage());
          } else if (closed) {
            opened.result().close();
          } else {
            watching(opened.result());
          }
        });
  }

  private void watching(WebSocket socket) {
    watch = socket;
    retryMillis = FIRST_RETRY_MILLIS;
    long deadline = vertx.setTimer((WATCH_SECONDS + 30) * 1_000L, id -> socket.close());
    socket.textMessageHandler(text -> event(socket, text.getBytes(StandardCharsets.UTF_8)));
    socket.binaryMessageHandler(bytes -> event(socket, bytes.getBytes()));
    socket.exceptionHandler(e -> LOG.debug("watch of pods: {}", e.toString()));
    socket.closeHandler(gone -> {
      vertx.cancelTimer(deadline);
      watch = null;
      retry();
    });
  }

  private void event(WebSocket socket, byte[] text) {
    JsonNode event;
    try {
      event = JSON.readTree(text);
    } catch (IOException e) {
      LOG.warn("an event of the watch of pods is not JSON: {}", e.getMessage());
      socket.close();
      return;
    }
    JsonNode pod = event.path("object");
    switch (event.path("type").asText("")) {
      case "ADDED", "MODIFIED" -> pool.pod(PodReader.name(pod), PodReader.peers(pod, poolName));
      case "DELETED" -> pool.pod(PodReader.name(pod), List.of());
      case "ERROR" -> socket.close(); // most often 410: the version is too old, so list again
      default -> {} // bookmarks
    }
  }

  private void unavailable(String reason) {
    if (closed) {
      return;
    }
    if (!(pool.status() instanceof Pool.Status.Unavailable before)
        || !before.reason().equals(reason)) {
      LOG.warn("peers are not known, going on with {}: {}", pool.members().size(), reason);
    }
    pool.status(new Pool.Status.Unavailable(reason));
    retry();
    retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
  }

  private void retry() {
    if (!closed) {
      vertx.setTimer(retryMillis, id -> list());
    }
  }

  private MultiMap headers() throws IOException {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("accept", "application/json");
    String token = server.currentToken();
    if (token != null) {
      headers.add("authorization", "Bearer " + token);
    }
    return headers;
  }

  private static void secure(ClientOptionsBase options, ApiServer server) {
    if (!server.tls()) {
      return;
    }
    options.setSsl(true).setTrustAll(!server.verify());
    if (options instanceof HttpClientOptions http) {
      http.setVerifyHost(server.verify());
    } else if (options instanceof WebSocketClientOptions socket) {
      socket.setVerifyHost(server.verify());
    }
    if (server.authority() != null) {
      options.setTrustOptions(
          new PemTrustOptions().addCertValue(Buffer.buffer(server.authority())));
    }
    if (server.certificate() != null && server.key() != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions()
              .setCertValue(Buffer.buffer(server.certificate()))
              .setKeyValue(Buffer.buffer(server.key())));
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed = true;
    if (watch != null) {
      watch.close();
    }
    client.close();
    watchClient.close();
  }
}
