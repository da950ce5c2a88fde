package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.tokens.Tokens;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** An answer in one piece, once all its sequences have ended. Event loop only. */
final class WholeAnswer implements Answer {
  private final HttpServerRequest http;
  private final Frame frame;
  private final CompletionRequest request;
  private final boolean cut;
  private int open;
  private boolean ended;
  private @Nullable ObjectNode handover;

  /**
   * @param cut the connection breaks half way through the body
   */
  WholeAnswer(HttpServerRequest http, Frame frame, CompletionRequest request, boolean cut) {
    this.http = http;
    this.frame = frame;
    this.request = request;
    this.cut = cut;
    this.open = frame.sequences().size();
  }

  @Override
  public void tokens(Sequence sequence, int from, int to) {
    // the draft knows the text already
  }

  @Override
  public void finished(Sequence sequence, @Nullable ObjectNode transferParams) {
    if (transferParams != null) {
      handover = transferParams;
    }
    if (--open > 0 || ended) {
      return;
    }
    ended = true;
    Buffer body = Buffer.buffer(body().toString());
    HttpServerResponse response = http.response().putHeader("content-type", "application/json");
    if (cut) {
      response.putHeader("content-length", Integer.toString(body.length()));
      response.write(body.getBuffer(0, body.length() / 2));
      http.connection().close();
    } else {
      response.end(body);
    }
  }

  @Override
  public void failed() {
    if (!ended) {
      ended = true;
      http.response()
          .setStatusCode(500)
          .putHeader("content-type", "application/json")
          .end(ErrorBody.INTERNAL);
    }
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("id", frame.id());
    body.put("object", frame.chat() ? "chat.completion" : "text_completion");
    body.put("created", frame.created());
    body.put("model", frame.model());
    ArrayNode choices = body.putArray("choices");
    for (Sequence sequence : frame.sequences()) {
      choices.add(frame.chat() ? chatChoice(sequence) : textChoice(sequence));
    }
    body.putNull("service_tier");
    body.putNull("system_fingerprint");
    body.set("usage", frame.usage());
    if (frame.chat()) {
      body.putNull("prompt_logprobs");
      promptIds(body, frame.sequences().getFirst());
    }
    if (handover == null) {
      body.putNull("kv_transfer_params");
    } else {
      body.set("kv_transfer_params", handover);
    }
    return body;
  }

  private ObjectNode chatChoice(Sequence sequence) {
    ObjectNode choice = JsonNodeFactory.instance.objectNode();
    choice.put("index", sequence.index());
    ObjectNode message = choice.putObject("message");
    message.put("role", "assistant");
    message.put("content", sequence.draft().text(0, sequence.draft().tokens()));
    message.putNull("refusal");
    message.putNull("annotations");
    message.putNull("audio");
    message.putNull("function_call");
    message.putArray("tool_calls");
    message.putNull("reasoning");
    choice.putNull("logprobs");
    end(choice, sequence);
    tokenIds(choice, sequence);
    return choice;
  }

  private ObjectNode textChoice(Sequence sequence) {
    ObjectNode choice = JsonNodeFactory.instance.objectNode();
    choice.put("index", sequence.index());
    String text = sequence.draft().text(0, sequence.draft().tokens());
    choice.put("text", request.echo() ? Tokens.text(sequence.prompt()) + text : text);
    choice.putNull("logprobs");
    end(choice, sequence);
    tokenIds(choice, sequence);
    choice.putNull("prompt_logprobs");
    promptIds(choice, sequence);
    return choice;
  }

  private static void end(ObjectNode choice, Sequence sequence) {
    choice.put("finish_reason", sequence.draft().reason().label());
    choice.put("stop_reason", sequence.draft().stopReason());
  }

  private void tokenIds(ObjectNode choice, Sequence sequence) {
    if (request.returnTokenIds()) {
      put(choice.putArray("token_ids"), sequence.draft().tokenIds(0, sequence.draft().tokens()));
    } else {
      choice.putNull("token_ids");
    }
  }

  private void promptIds(ObjectNode at, Sequence sequence) {
    if (request.returnTokenIds()) {
      put(at.putArray("prompt_token_ids"), sequence.prompt());
    } else {
      at.putNull("prompt_token_ids");
    }
  }

  private static void put(ArrayNode array, int[] ids) {
    for (int id : ids) {
      array.add(Integer.toUnsignedLong(id));
    }
  }
}
