package dev.tandem.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An extender's verbs asked as kube-scheduler does: node names only, one kept connection. For one
 * thread.
 */
final class ExtenderCalls implements AutoCloseable {
  static final String GPUS = "nvidia.com/gpu";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String url;
  private final int nodes;

  ExtenderCalls(String url, int nodes) {
    this.url = url;
    this.nodes = nodes;
  }

  static String node(int i) {
    return "gpu-%05d".formatted(i);
  }

  /** Calls one verb and returns how long the answer took, in nanoseconds. */
  long call(String verb, byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/" + verb))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    long start = System.nanoTime();
    HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    long took = System.nanoTime() - start;
    if (response.statusCode() != 200) {
      throw new IOException(url + "/" + verb + " answered " + response.statusCode());
    }
    return took;
  }

  /** Pods of 100 groups in turn: the first pass plans whole groups, later ones join members. */
  byte[] body(int call) throws IOException {
    int group = call / 4 % 100;
    int part = call % 4;
    String name = "g" + group + "-" + part;
    ObjectNode args = json.createObjectNode();
    ObjectNode pod = args.putObject("Pod");
    pod.putObject("metadata")
        .put("name", name)
        .put("namespace", "bench")
        .put("uid", "uid-" + name)
        .putObject("annotations")
        .put(Keys.ROLE, part < 2 ? "prefill" : "decode")
        .put(Keys.GROUP, "g" + group)
        .put(Keys.GROUP_SIZE, "prefill=2,decode=2")
        .put(Keys.MODEL, "llama-3-70b");
    pod.putObject("spec")
        .putArray("containers")
        .addObject()
        .putObject("resources")
        .putObject("limits")
        .put(GPUS, "4");
    args.putNull("Nodes");
    ArrayNode names = args.putArray("NodeNames");
    for (int i = 0; i < nodes; i++) {
      names.add(node(i));
    }
    return json.writeValueAsBytes(args);
  }

  /** The verb's latency as the server counted it so far. */
  ServerHistogram histogram(String verb) throws IOException, InterruptedException {
    return ServerHistogram.of(get("/metrics").body(), verb);
  }

  /** The verb's time in all as the server counted it, in milliseconds. */
  double totalMillis(String verb) throws IOException, InterruptedException {
    Matcher line =
        Pattern.compile("tandem_extender_request_seconds_sum\\{verb=\"" + verb + "\"[^}]*} (\\S+)")
            .matcher(get("/metrics").body());
    return line.find() ? Double.parseDouble(line.group(1)) * 1e3 : 0;
  }

  boolean ready() throws IOException, InterruptedException {
    return get("/readyz").statusCode() == 200;
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(url + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    http.close();
  }
}
