package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A completions or chat request, checked. Fields the stand-in has no use for are ignored as vLLM
 * ignores fields it does not know; those whose answer it could not give are refused.
 *
 * @param chat chat instead of completions
 * @param model the name asked for, null for the default one
 * @param prompts one or more
 * @param choices answers a prompt
 * @param limit most tokens an answer has, null for none asked
 * @param stop strings that end an answer
 * @param ignoreEnd the answer does not end by itself
 * @param seed of the text
 * @param stream SSE
 * @param includeUsage a usage chunk ends the stream
 * @param continuousUsage every chunk carries usage
 * @param echo the prompt comes first (completions)
 * @param returnTokenIds answers carry token ids
 * @param cacheSalt separates tenants in the cache
 */
record CompletionRequest(
    boolean chat,
    @Nullable String model,
    List<int[]> prompts,
    int choices,
    @Nullable Integer limit,
    List<String> stop,
    boolean ignoreEnd,
    long seed,
    boolean stream,
    boolean includeUsage,
    boolean continuousUsage,
    boolean echo,
    boolean returnTokenIds,
    @Nullable String cacheSalt) {

  /** Most sequences of one request; vLLM bounds n alone, at 16384. */
  static final int MOST_SEQUENCES = 1024;

  private static final int COMPLETIONS_DEFAULT_LIMIT = 16;

  CompletionRequest {
    prompts = List.copyOf(prompts);
    stop = List.copyOf(stop);
  }

  static CompletionRequest of(ObjectNode body, boolean chat) throws RequestError {
    Fields fields = new Fields(body);
    boolean stream = fields.flag("stream");
    JsonNode options = fields.get("stream_options");
    if (options != null && !stream) {
      throw RequestError.badRequest(
          "Stream options can only be defined when `stream=True`.", "stream_options");
    }
    if (options != null && !options.isObject()) {
      throw Fields.wrong("stream_options", "a valid dictionary", options);
    }
    Fields streamOptions = options instanceof ObjectNode object ? new Fields(object) : null;
    refuseLogprobs(fields);
    fields.checkNumber("temperature", 0, Double.MAX_VALUE);
    fields.checkNumber("top_p", 0, 1);
    JsonNode transfer = fields.get("kv_transfer_params");
    if (transfer != null && !transfer.isObject()) {
      throw Fields.wrong("kv_transfer_params", "a valid dictionary", transfer);
    }
    Integer n = fields.integer("n", 1);
    String salt = fields.text("cache_salt");
    if (salt != null && salt.isEmpty()) {
      throw RequestError.badRequest(
          "Parameter 'cache_salt' must be a non-empty string if provided.", "cache_salt");
    }
    CompletionRequest request =
        new CompletionRequest(
            chat,
            fields.text("model"),
            chat ? List.of(PromptText.chat(fields)) : PromptText.completion(fields),
            n == null ? 1 : n,
            limit(fields, chat),
            fields.texts("stop").stream().filter(text -> !text.isEmpty()).toList(),
            fields.flag("ignore_eos"),
            fields.longNumber("seed"),
            stream,
            streamOptions != null && streamOptions.flag("include_usage"),
            streamOptions != null && streamOptions.flag("continuous_usage_stats"),
            !chat && fields.flag("echo"),
            fields.flag("return_token_ids"),
            salt);
    if ((long) request.prompts.size() * request.choices > MOST_SEQUENCES) {
      throw RequestError.badRequest(
          "prompts times n is "
              + (long) request.prompts.size() * request.choices
              + ", must be at most "
              + MOST_SEQUENCES,
          "n");
    }
    return request;
  }

  private static @Nullable Integer limit(Fields fields, boolean chat) throws RequestError {
    Integer newer = fields.integer("max_completion_tokens", 1);
    Integer older = fields.integer("max_tokens", 1);
    if (chat) {
      return newer != null ? newer : older;
    }
    return older != null ? older : COMPLETIONS_DEFAULT_LIMIT;
  }

  /** Answering null where numbers were asked for would be a lie. */
  private static void refuseLogprobs(Fields fields) throws RequestError {
    for (String name : List.of("logprobs", "top_logprobs", "prompt_logprobs")) {
      JsonNode value = fields.get(name);
      boolean asked =
          value != null
              && !(value.isBoolean() && !value.booleanValue())
              && !(name.equals("top_logprobs") && value.asInt(-1) == 0);
      if (asked) {
        throw RequestError.badRequest("the stand-in computes no log probabilities", name);
      }
    }
  }
}
