package dev.tandem.cli.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads an OpenAI answer as it streams in: pieces may be cut anywhere. Used by one event loop. */
final class SseReader {

  /** A line longer than this is no answer of an engine. */
  private static final int LONGEST_LINE = 1 << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Runnable firstContent;
  private Buffer rest = Buffer.buffer();
  private boolean content;
  private boolean done;
  private long promptTokens;
  private long completionTokens;
  private long cachedTokens;
  private @Nullable String problem;

  /**
   * @param firstContent told once, when the first content is there
   */
  SseReader(Runnable firstContent) {
    this.firstContent = firstContent;
  }

  void take(Buffer piece) {
    rest.appendBuffer(piece);
    int start = 0;
    for (int i = rest.length() - piece.length(); i < rest.length(); i++) {
      if (rest.getByte(i) == '\n') {
        line(rest.getString(start, i, StandardCharsets.UTF_8.name()).strip());
        start = i + 1;
      }
    }
    rest = rest.getBuffer(start, rest.length());
    if (rest.length() > LONGEST_LINE) {
      problem = "a line of the stream is longer than 1 MiB";
    }
  }

  private void line(String line) {
    if (!line.startsWith("data:")) {
      return;
    }
    String data = line.substring("data:".length()).strip();
    if (data.equals("[DONE]")) {
      done = true;
      return;
    }
    try {
      event(JSON.readTree(data));
    } catch (JsonProcessingException e) {
      problem = "an event of the stream is not JSON";
    }
  }

  private void event(JsonNode event) {
    if (event.has("error")) {
      problem = "the stream says " + event.path("error").path("message").asText("error");
    }
    JsonNode choice = event.path("choices").path(0);
    if (!content
        && !(choice.path("delta").path("content").asText("").isEmpty()
            && choice.path("text").asText("").isEmpty())) {
      content = true;
      firstContent.run();
    }
    JsonNode usage = event.path("usage");
    if (usage.isObject()) {
      promptTokens = usage.path("prompt_tokens").asLong();
      completionTokens = usage.path("completion_tokens").asLong();
      cachedTokens = usage.path("prompt_tokens_details").path("cached_tokens").asLong();
    }
  }

  /** What is missing from the answer; null when it is whole. */
  @Nullable String problem(int wantedTokens) {
    if (problem != null) {
      return problem;
    }
    if (!done) {
      return "the stream ended before [DONE]";
    }
    if (completionTokens != wantedTokens) {
      return completionTokens + " tokens came, " + wantedTokens + " were asked for";
    }
    return null;
  }

  long promptTokens() {
    return promptTokens;
  }

  long cachedTokens() {
    return cachedTokens;
  }
}
