package dev.tandem.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A headless Chromium with one page, driven over the Chrome DevTools protocol by nothing but the
 * JDK's WebSocket. Every wait ends after {@link #PATIENCE}; closing ends the process and removes
 * its profile. For one thread.
 */
public final class Chromium implements AutoCloseable {

  /** Generous: a cold browser on a busy machine of two cores takes several seconds to start. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final List<Path> PLACES =
      Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
          .map(Path::of)
          .toList();

  private final JsonMapper json = new JsonMapper();
  private final Process process;
  private final Path profile;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Messages messages = new Messages();
  private final WebSocket socket;
  private final String session;

  private Chromium(Path binary) throws IOException, InterruptedException {
    profile = Files.createTempDirectory("tandem-chromium");
    List<String> command =
        new ArrayList<>(List.of(binary.toString(), "--headless", "--no-sandbox", "--disable-gpu"));
    command.addAll(List.of("--disable-quic", "--no-first-run", "--disable-background-networking"));
    command.addAll(
        List.of(
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--disable-dev-shm-usage"));
    command.addAll(
        List.of("--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank"));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    socket = http.newWebSocketBuilder().buildAsync(endpoint(), messages).join();
    String target =
        call(null, "Target.createTarget", Map.of("url", "about:blank")).path("targetId").asText();
    session =
        call(null, "Target.attachToTarget", Map.of("targetId", target, "flatten", true))
            .path("sessionId")
            .asText();
    call("Page.enable", Map.of());
    call("Runtime.enable", Map.of());
  }

  /** The browser on this machine, or null where there is none. */
  public static @Nullable Path installed() {
    return PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
  }

  public static Chromium start(Path binary) throws IOException, InterruptedException {
    return new Chromium(binary);
  }

  /** The browser writes its port and path there once it listens. */
  private URI endpoint() throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end && process.isAlive()) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() == 2) {
          return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
        }
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IOException("Chromium did not open its debugging port; alive: " + process.isAlive());
  }

  public void size(int width, int height) {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Media features as the page sees them, e.g. {@code prefers-color-scheme} to {@code dark}. */
  public void prefer(String feature, String value) {
    call(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", feature, "value", value))));
  }

  public void open(URI url) {
    call("Page.navigate", Map.of("url", url.toString()));
  }

  /** The value of a JavaScript expression; a promise is waited for. */
  public JsonNode evaluate(String expression) {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(expression + " failed: " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  public String text(String expression) {
    return evaluate(expression).asText();
  }

  /** Waits until the expression is true. */
  public void await(String expression) throws InterruptedException {
    await(expression, PATIENCE);
  }

  /** Waits until the expression is true, for at most {@code patience}. */
  public void await(String expression, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < end) {
      if (evaluate("Boolean(" + expression + ")").asBoolean()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new AssertionError(
        "never true: " + expression + "; the page says: " + text("document.body.innerText"));
  }

  /** Presses and releases a key, e.g. {@code Escape}, {@code Enter}, {@code Tab}. */
  public void press(String key) {
    for (String type : List.of("keyDown", "keyUp")) {
      ObjectNode event = json.createObjectNode().put("type", type).put("key", key).put("code", key);
      switch (key) {
        case "Enter" -> event.put("windowsVirtualKeyCode", 13).put("text", "\r");
        case "Escape" -> event.put("windowsVirtualKeyCode", 27);
        case "Tab" -> event.put("windowsVirtualKeyCode", 9);
        case "ArrowRight" -> event.put("windowsVirtualKeyCode", 39);
        default ->
            throw new IllegalArgumentException(
                "key is " + key + "; accepted: Enter, Escape, Tab, ArrowRight");
      }
      call("Input.dispatchKeyEvent", event);
    }
  }

  public void screenshot(Path file) throws IOException {
    String data = call("Page.captureScreenshot", Map.of("format", "png")).path("data").asText();
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.write(file, Base64.getDecoder().decode(data));
  }

  /** What the page has complained of: console errors and failed loads. */
  public List<String> complaints() {
    return List.copyOf(messages.complaints);
  }

  private JsonNode call(String method, Object parameters) {
    return call(session, method, parameters);
  }

  private JsonNode call(@Nullable String session, String method, Object parameters) {
    int id = messages.next.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    messages.answers.put(id, answer);
    ObjectNode message = json.createObjectNode().put("id", id).put("method", method);
    message.set("params", json.valueToTree(parameters));
    if (session != null) {
      message.put("sessionId", session);
    }
    socket.sendText(message.toString(), true).join();
    JsonNode whole = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    if (whole.has("error")) {
      throw new IllegalStateException(method + " failed: " + whole.path("error"));
    }
    return whole.path("result");
  }

  @Override
  public void close() throws IOException, InterruptedException {
    socket.abort();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
    http.shutdownNow();
    try (Stream<Path> files = Files.walk(profile)) {
      // The browser's children may still be removing files of their own; what is left is in the
      // temporary folder.
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
    }
  }

  /** Puts frames together and hands answers to whoever waits for them. */
  private final class Messages implements WebSocket.Listener {
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final List<String> complaints = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        take(partial.toString());
        partial.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    private void take(String text) {
      JsonNode message = read(text);
      CompletableFuture<JsonNode> waiting = answers.remove(message.path("id").asInt());
      if (waiting != null) {
        waiting.complete(message);
      }
      boolean thrown = message.path("method").asText().equals("Runtime.exceptionThrown");
      boolean logged = message.path("params").path("type").asText().equals("error");
      if (thrown || logged) {
        complaints.add(message.path("params").toString());
      }
    }

    private JsonNode read(String text) {
      try {
        return json.readTree(text);
      } catch (IOException e) {
        throw new IllegalStateException("not JSON from Chromium: " + text, e);
      }
    }
  }
}
