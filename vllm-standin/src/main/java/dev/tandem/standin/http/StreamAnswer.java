package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.tokens.Tokens;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An answer as server-sent events: {@code data: {json}}, a usage chunk with empty choices when
 * asked for, {@code data: [DONE]}. As in vLLM the 200 goes out when the request is admitted, so a
 * later failure is an event with an error, then {@code [DONE]}. Event loop only; what a slow client
 * has not taken waits in memory, at most one answer.
 */
final class StreamAnswer implements Answer {
  private static final String DONE = "data: [DONE]\n\n";

  private final HttpServerRequest http;
  private final HttpServerResponse response;
  private final Frame frame;
  private final CompletionRequest request;
  private final boolean includeUsage;
  private final FaultPlan fault;
  private final String head;
  private int open;
  private int chunks;
  private boolean ended;

  StreamAnswer(
      HttpServerRequest http,
      Frame frame,
      CompletionRequest request,
      boolean includeUsage,
      FaultPlan fault) {
    this.http = http;
    this.response = http.response();
    this.frame = frame;
    this.request = request;
    this.includeUsage = includeUsage;
    this.fault = fault;
    this.open = frame.sequences().size();
    this.head =
        "data: {\"id\":"
            + Json.quoted(frame.id())
            + ",\"object\":\""
            + (frame.chat() ? "chat.completion.chunk" : "text_completion")
            + "\",\"created\":"
            + frame.created()
            + ",\"model\":"
            + Json.quoted(frame.model())
            + ",\"choices\":[";
    response.putHeader("content-type", "text/event-stream; charset=utf-8");
    response.setChunked(true);
    response.writeHead();
    if (fault.chunks() == 0) {
      misbehave();
    }
  }

  @Override
  public void tokens(Sequence sequence, int from, int to) {
    if (from == 0 && frame.chat()) {
      write(roleChunk(sequence));
    }
    write(frame.chat() ? chatChunk(sequence, from, to) : textChunk(sequence, from, to));
    chunks++;
    if (chunks == fault.chunks()) {
      misbehave();
    }
  }

  @Override
  public void finished(Sequence sequence, @Nullable ObjectNode transferParams) {
    if (--open > 0 || ended) {
      return;
    }
    if (includeUsage) {
      write(head + "],\"usage\":" + usageNow() + "}\n\n");
    }
    ended = true;
    response.end(DONE);
  }

  @Override
  public void failed() {
    if (!ended) {
      ended = true;
      response.end("data: " + ErrorBody.INTERNAL + "\n\n" + DONE);
    }
  }

  private void misbehave() {
    switch (fault.kind()) {
      case CUT -> {
        ended = true;
        http.connection().close();
      }
      case ERROR -> failed();
      case NONE, FAIL, HANG, DIE -> {
        // not a matter of chunks
      }
    }
  }

  private void write(String event) {
    if (!ended) {
      response.write(event);
    }
  }

  private String roleChunk(Sequence sequence) {
    String choice =
        "{\"index\":"
            + sequence.index()
            + ",\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
            + "\"finish_reason\":null}]";
    String ids = request.returnTokenIds() ? ",\"prompt_token_ids\":" + ids(sequence.prompt()) : "";
    return head + choice + ids + usage() + "}\n\n";
  }

  private String chatChunk(Sequence sequence, int from, int to) {
    return head
        + "{\"index\":"
        + sequence.index()
        + ",\"delta\":{\"content\":"
        + Json.quoted(sequence.draft().text(from, to))
        + "},\"logprobs\":null,"
        + end(sequence, from, to)
        + "}]"
        + usage()
        + "}\n\n";
  }

  private String textChunk(Sequence sequence, int from, int to) {
    String text = sequence.draft().text(from, to);
    boolean echoed = from == 0 && request.echo();
    return head
        + "{\"index\":"
        + sequence.index()
        + ",\"text\":"
        + Json.quoted(echoed ? Tokens.text(sequence.prompt()) + text : text)
        + ",\"logprobs\":null,"
        + end(sequence, from, to)
        + "}]"
        + usage()
        + "}\n\n";
  }

  private String end(Sequence sequence, int from, int to) {
    Draft draft = sequence.draft();
    String ids = request.returnTokenIds() ? ",\"token_ids\":" + ids(draft.tokenIds(from, to)) : "";
    if (to < draft.tokens()) {
      return "\"finish_reason\":null" + (frame.chat() ? "" : ",\"stop_reason\":null") + ids;
    }
    String stop = draft.stopReason();
    return "\"finish_reason\":\""
        + draft.reason().label()
        + "\",\"stop_reason\":"
        + (stop == null ? "null" : Json.quoted(stop))
        + ids;
  }

  private String usage() {
    return request.continuousUsage() ? ",\"usage\":" + usageNow() : "";
  }

  /** Chunks leave out what is not set, where whole answers say null. */
  private ObjectNode usageNow() {
    ObjectNode usage = frame.usage();
    if (usage.path("prompt_tokens_details").isNull()) {
      usage.remove("prompt_tokens_details");
    }
    return usage;
  }

  private static String ids(int[] ids) {
    return Arrays.stream(ids)
        .mapToObj(Integer::toUnsignedString)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
