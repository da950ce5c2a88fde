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

  /** Methods that know neither a number of tokens of their own nor a draft that states one. */
  private static final Set<String> NEED_TOKENS =
      Set.of("ngram", "ngram_gpu", "draft_model", "custom_class");

  private static final Set<String> NEED_MODEL =
      Set.of("draft_model", "medusa", "mlp_speculator", "eagle", "eagle3", "custom_class");

  private static final Map<String, Type> TYPES = types();

  /** What a key's value may be. */
  private enum Type {
    TEXT("text", JsonNode::isTextual),
    COUNT("a whole number of at least 1", v -> v.isIntegralNumber() && v.asLong() >= 1),
    COUNT_OR_NONE("a whole number of at least 0", v -> v.isIntegralNumber() && v.asLong() >= 0),
    NUMBER("a number of at least 0", v -> v.isNumber() && v.asDouble() >= 0),
    SHARE("a number from 0 to 1", v -> v.isNumber() && v.asDouble() >= 0 && v.asDouble() <= 1),
    SHARES(
        "a list of numbers from 0 to 1, none above the one before",
        v -> v.isArray() && !v.isEmpty() && falling(v)),
    RANGES(
        "a list of [first batch size, last, tokens]",
        v -> v.isArray() && v.valueStream().allMatch(r -> r.isArray() && r.size() == 3)),
    SWITCH("true or false", JsonNode::isBoolean),
    OBJECT("an object", JsonNode::isObject),
    REJECTION(
        "standard, synthetic or block",
        v -> Set.of("standard", "synthetic", "block").contains(v.asText())),
    SAMPLING(
        "greedy or probabilistic", v -> Set.of("greedy", "probabilistic").contains(v.asText()));

    private final String words;
    private final Predicate<JsonNode> accepts;

    Type(String words, Predicate<JsonNode> accepts) {
      this.words = words;
      this.accepts = accepts;
    }

    private static boolean falling(JsonNode list) {
      double before = 1;
      for (JsonNode share : list) {
        if (!SHARE.accepts.test(share) || share.asDouble() > before) {
          return false;
        }
        before = share.asDouble();
      }
      return true;
    }
  }

  public Speculation {
    json = json.deepCopy();
  }

  /** What the text of a {@code --speculative-config} says; null where it is no JSON object. */
  public static @Nullable Speculation parse(String text) {
    return Values.json(text) instanceof ObjectNode json ? new Speculation(json) : null;
  }

  /** The method, guessed from the model where none is named, as vLLM does; or null. */
  public @Nullable String method() {
    String model = draftModel();
    if (json.path("method").isTextual()) {
      return json.path("method").textValue();
    }
    return model == null ? null : model.matches("\\[?ngram]?") ? "ngram" : "draft_model";
  }

  /**
   * Whether the draft works on the target's own layers, so that its cache is part of a handshake.
   */
  public boolean sharesLayers() {
    String method = String.valueOf(method());
    return method.contains("mtp") || Set.of("eagle", "eagle3", "dflash", "dspark").contains(method);
  }

  /** What the draft is loaded from; null where the method needs no weights. */
  public @Nullable String draftModel() {
    return json.path("model").isTextual() ? json.path("model").textValue() : null;
  }

  /** GPUs the draft is spread over; as many as the target where nothing is said. */
  public int draftTensorParallel(int target) {
    return Math.max(1, json.path("draft_tensor_parallel_size").asInt(target));
  }

  /** A key's value as text; empty where it is absent. */
  public String text(String key) {
    return json.path(key).asText("");
  }

  /** Every problem of this object, each about one key. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      checkField(field.getKey(), field.getValue(), problems);
    }
    String method = method();
    if (method == null) {
      if (!json.has("method")) {
        problem(problems, "method", "missing; accepted are " + methods());
      }
      return problems;
    }
    if (!METHODS.contains(method) && !method.endsWith("_mtp")) {
      problem(problems, "method", "accepted are " + methods());
    }
    boolean fromTarget = method.endsWith("mtp") || method.equals("dspark");
    if (NEED_MODEL.contains(method) && !json.has("model")) {
      problem(problems, "model", "missing; method " + method + " needs it");
    }
    if ((NEED_TOKENS.contains(method) || (fromTarget && !json.has("model")))
        && !json.has("num_speculative_tokens")) {
      problem(problems, "num_speculative_tokens", "missing; method " + method + " needs it");
    }
    checkTogether(method, problems);
    return problems;
  }

  /** Keys that vLLM takes only beside others. */
  private void checkTogether(String method, List<Problem> problems) {
    int least = json.path("prompt_lookup_min").asInt(1);
    if (json.has("prompt_lookup_max") && json.path("prompt_lookup_max").asInt(least) < least) {
      problem(
          problems,
          "prompt_lookup_max",
          "accepted is prompt_lookup_min, %d, or more".formatted(least));
    }
    boolean synthetic = text("rejection_sample_method").equals("synthetic");
    boolean rates = json.has("synthetic_acceptance_rates");
    boolean length = json.has("synthetic_acceptance_length");
    if (synthetic ? rates == length : rates || length) {
      problem(
          problems,
          "rejection_sample_method",
          "synthetic, and only it, takes one of synthetic_acceptance_rates and"
              + " synthetic_acceptance_length");
    }
    if (json.path("use_heterogeneous_vocab").asBoolean() && !method.equals("draft_model")) {
      problem(problems, "use_heterogeneous_vocab", "accepted with method draft_model only");
    }
    if (json.path("enable_adaptive_verification").asBoolean() && !method.equals("dspark")) {
      problem(problems, "enable_adaptive_verification", "accepted with method dspark only");
    }
  }

  /** The problem of a draft that is spread over another number of GPUs than vLLM can; or null. */
  public @Nullable Problem againstTensorParallel(int tensorParallel) {
    int draft = draftTensorParallel(tensorParallel);
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
          "no key of vLLM's --speculative-config that is known here"
              + (nearest == null ? "" : "; did you mean " + nearest + "?")
              + "; where your vLLM has it, write the flag in args yourself");
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
            + " code_revision");
    put(
        types,
        Type.COUNT,
        "num_speculative_tokens draft_tensor_parallel_size max_model_len prompt_lookup_min"
            + " prompt_lookup_max suffix_decoding_max_tree_depth dspark_draft_topk");
    put(types, Type.COUNT_OR_NONE, "suffix_decoding_max_cached_requests");
    put(types, Type.NUMBER, "suffix_decoding_max_spec_factor synthetic_acceptance_length");
    put(types, Type.SHARE, "suffix_decoding_min_token_prob");
    put(types, Type.SHARES, "synthetic_acceptance_rates");
    put(types, Type.RANGES, "num_speculative_tokens_per_batch_size");
    put(
        types,
        Type.SWITCH,
        "enforce_eager disable_padded_drafter_batch disable_eagle_block_drop"
            + " use_local_argmax_reduction use_heterogeneous_vocab parallel_drafting"
            + " enable_adaptive_verification index_share_for_mtp_iteration");
    put(types, Type.OBJECT, "draft_load_config");
    put(types, Type.REJECTION, "rejection_sample_method");
    put(types, Type.SAMPLING, "draft_sample_method");
    return types;
  }

  private static void put(Map<String, Type> types, Type type, String keys) {
    for (String key : keys.split(" ", -1)) {
      types.put(key, type);
    }
  }
}
