package dev.tandem.api;

import java.util.List;
import java.util.Locale;

/**
 * What the cost needs to know of a model's KV cache. Immutable.
 *
 * <p>The numbers follow from the models' published configurations: an attention layer holds {@code
 * 2 x KV heads x head dimension x bytes} a token; MLA holds {@code (rank + rope) x bytes} and is
 * replicated on every tensor-parallel rank.
 *
 * @param family the name it was found under, or {@value #UNKNOWN}
 * @param layers attention layers, each posted on its own
 * @param kvHeads KV heads that tensor parallelism can divide; 1 where the cache is replicated
 * @param kvBytesPerToken bytes a token over the whole model
 * @param known false where the default stands in for a model that is not in the table
 */
public record ModelFacts(
    String family, int layers, int kvHeads, long kvBytesPerToken, boolean known) {

  /** Family of a model that is not in the table. */
  public static final String UNKNOWN = "unknown";

  /** vLLM's default block, in tokens; transfers are made of whole blocks. */
  public static final int BLOCK_TOKENS = 16;

  /** Most bytes a token accepted: far above any model. */
  public static final long MOST_BYTES_PER_TOKEN = 64L << 20;

  /*
   * Found by fragment, first match wins. bf16 cache throughout; where it is not, the annotation
   * kv-bytes-per-token says so. gpt-oss counts its sliding layers in full: an upper bound.
   */
  private static final List<ModelFacts> TABLE =
      List.of(
          new ModelFacts("mixtral-8x22b", 56, 8, 229_376, true),
          new ModelFacts("mixtral-8x7b", 32, 8, 131_072, true),
          new ModelFacts("llama-3-8b", 32, 8, 131_072, true),
          new ModelFacts("llama-3.1-8b", 32, 8, 131_072, true),
          new ModelFacts("llama-3-70b", 80, 8, 327_680, true),
          new ModelFacts("llama-3.1-70b", 80, 8, 327_680, true),
          new ModelFacts("llama-3.3-70b", 80, 8, 327_680, true),
          new ModelFacts("llama3-8b", 32, 8, 131_072, true),
          new ModelFacts("llama3-70b", 80, 8, 327_680, true),
          new ModelFacts("qwen2.5-32b", 64, 8, 262_144, true),
          new ModelFacts("qwen3-32b", 64, 8, 262_144, true),
          new ModelFacts("deepseek-v3", 61, 1, 70_272, true),
          new ModelFacts("deepseek-r1", 61, 1, 70_272, true),
          new ModelFacts("gpt-oss-120b", 36, 8, 73_728, true));

  /** A 70B-class model: over-estimating the bytes makes placement more careful, never less. */
  private static final ModelFacts DEFAULT = new ModelFacts(UNKNOWN, 80, 8, 327_680, false);

  public ModelFacts {
    if (layers < 1 || kvHeads < 1) {
      throw new IllegalArgumentException(
          "layers %d, KV heads %d: accepted are 1 or more".formatted(layers, kvHeads));
    }
    if (kvBytesPerToken < 1 || kvBytesPerToken > MOST_BYTES_PER_TOKEN) {
      throw new IllegalArgumentException(
          "KV bytes a token %d: accepted are 1 to %d"
              .formatted(kvBytesPerToken, MOST_BYTES_PER_TOKEN));
    }
  }

  /** Finds a model by the name vLLM was given (a hub name or a path); a default where unknown. */
  public static ModelFacts of(String modelName) {
    String name = modelName.toLowerCase(Locale.ROOT).replace('_', '-').replace("meta-llama/", "");
    for (ModelFacts facts : TABLE) {
      if (name.contains(facts.family)) {
        return facts;
      }
    }
    return DEFAULT;
  }

  /** The same model with another size of cache, as the annotation states it. */
  public ModelFacts withKvBytesPerToken(long bytes) {
    return new ModelFacts(family, layers, kvHeads, bytes, known);
  }

  /**
   * The transfer of this many tokens between engines of these tensor-parallel sizes. Whole blocks
   * move; a block of a layer is one descriptor.
   */
  public Transfer transfer(long tokens, int prefillTensorParallel, int decodeTensorParallel) {
    if (tokens <= 0) {
      return Transfer.NONE;
    }
    long blocks = (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
    int shares = Math.min(kvHeads, Math.min(prefillTensorParallel, decodeTensorParallel));
    long bytes = blocks * BLOCK_TOKENS * kvBytesPerToken / Math.max(1, shares);
    return new Transfer(bytes, blocks * layers);
  }
}
