package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's {@code --speculative-config}, checked key by key (vllm/config/speculative.py): vLLM exits
 * on a key it does not know, minutes after the pod was admitted.
 *
 * @param json the object as it is passed on
 */
public record Speculation(ObjectNode json) {

  private static final Set<String> METHODS =
      Set.of(
          "ngram",
          "ngram_gpu",
          "medusa",
          "mlp_speculator",
          "draft_model",
          "suffix",
          "custom_class",
          "eagle",
          "eagle3",
          "extract_hidden_states",
          "dflash",
          "dspark",
          "mtp");

  private static final Map<String, Type> TYPES = types();

  /** What a key's value may be. */
  private enum Type {
    TEXT("text", JsonNode::isTextual),
    COUNT("a whole number of at least 1", v -> v.isIntegralNumber() && v.asLong() >= 1),
    NUMBER("a number", JsonNode::isNumber),
    SWITCH("true or false", JsonNode::isBoolean),
    ANY("any JSON value", v -> true);

    private final String words;
    private final Predicate<JsonNode> accepts;

    Type(String words, Predicate<JsonNode> accepts) {
      this.words = words;
      this.accepts = accepts;
    }
  }

  public Speculation {
    json = json.deepCopy();
  }

  /** The method, with {@code draft_model} where only a model is named, as vLLM guesses; or null. */
  public @Nullable String method() {
    return json.has("method")
        ? json.path("method").asText()
        : json.has("model") ? "draft_model" : null;
  }

  /** What the draft is loaded from; null where the method needs no weights. */
  public @Nullable String draftModel() {
    return json.has("model") ? json.path("model").asText() : null;
  }

  /** GPUs the draft is spread over. */
  public int draftTensorParallel() {
    return json.path("draft_tensor_parallel_size").asInt(1);
  }

  /** Every problem of this object, each about one key. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      checkField(field.getKey(), field.getValue(), problems);
    }
    String method = method();
    if (method == null) {
      problem(problems, "method", "missing; accepted are " + methods());
    } else if (json.path("method").isTextual()
        && !METHODS.contains(method)
        && !method.endsWith("_mtp")) {
      problem(problems, "method", "accepted are " + methods());
    }
    if (("ngram".equals(method) || "ngram_gpu".equals(method)) && !json.has("prompt_lookup_max")) {
      problem(problems, "prompt_lookup_max", "missing; method " + method + " needs it");
    }
    boolean needsModel =
        Set.of("draft_model", "medusa", "mlp_speculator", "eagle", "eagle3")
            .contains(String.valueOf(method));
    if (needsModel && !json.has("model")) {
      problem(problems, "model", "missing; method " + method + " needs it");
    }
    return problems;
  }

  /** The problem of a draft that is spread over another number of GPUs than vLLM can; or null. */
  public @Nullable Problem againstTensorParallel(int tensorParallel) {
    int draft = draftTensorParallel();
    return draft == 1 || draft == tensorParallel
        ? null
        : new Problem(
            Keys.SPECULATIVE,
            "draft_tensor_parallel_size: " + draft,
            "accepted are 1 and the target's --tensor-parallel-size, " + tensorParallel);
  }

  private void checkField(String key, JsonNode value, List<Problem> problems) {
    Type type = TYPES.get(key);
    if (key.equals("tensor_parallel_size")) {
      problem(problems, key, "vLLM refuses it; use draft_tensor_parallel_size");
    } else if (type == null) {
      String nearest = NearestKey.to(key, TYPES.keySet());
      problem(
          problems,
          key,
          "no key of vLLM's --speculative-config"
              + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    } else if (!value.isNull() && !type.accepts.test(value)) {
      problem(problems, key, "accepted is " + type.words);
    }
  }

  private void problem(List<Problem> problems, String key, String accepted) {
    problems.add(new Problem(Keys.SPECULATIVE, key + ": " + json.path(key), accepted));
  }

  private static String methods() {
    return METHODS.stream().sorted().collect(Collectors.joining(", ")) + " and <model>_mtp";
  }

  private static Map<String, Type> types() {
    Map<String, Type> types = new TreeMap<>();
    put(
        types,
        Type.TEXT,
        "method model quantization kv_cache_dtype attention_backend moe_backend revision"
            + " code_revision rejection_sample_method draft_sample_method load_format");
    put(
        types,
        Type.COUNT,
        "num_speculative_tokens draft_tensor_parallel_size max_model_len prompt_lookup_min"
            + " prompt_lookup_max suffix_decoding_max_tree_depth"
            + " suffix_decoding_max_cached_requests dspark_draft_topk");
    put(
        types,
        Type.NUMBER,
        "suffix_decoding_max_spec_factor suffix_decoding_min_token_prob"
            + " synthetic_acceptance_length");
    put(
        types,
        Type.SWITCH,
        "enforce_eager disable_padded_drafter_batch use_local_argmax_reduction"
            + " use_heterogeneous_vocab parallel_drafting enable_adaptive_verification");
    put(
        types,
        Type.ANY,
        "num_speculative_tokens_per_batch_size draft_load_config synthetic_acceptance_rates");
    return types;
  }

  private static void put(Map<String, Type> types, Type type, String keys) {
    for (String key : keys.split(" ", -1)) {
      types.put(key, type);
    }
  }
}
