package dev.tandem.webhook.inject;

/**
 * Names the one block hash that others than Python can compute: SHA-256 over canonical CBOR. The
 * default hashes Python's pickle, and xxhash starts from a random seed on every start
 * (vllm/v1/core/kv_cache_utils.py). With {@code PYTHONHASHSEED} equal prompts then have equal
 * hashes on every pod.
 */
final class HashAlgorithm implements Rule {

  private static final String FLAG = "--prefix-caching-hash-algo";

  @Override
  public String name() {
    return "hash-algorithm";
  }

  @Override
  public String condition() {
    return "with a router, vLLM 0.11.0 or later, prefix caching on, flag absent";
  }

  @Override
  public String reason() {
    return "block hashes of two pods could not be compared, nor computed outside Python";
  }

  @Override
  public void apply(Draft draft) {
    CommandLine line = draft.commandLine();
    if (draft.plan().withRouter()
        && !line.has(FLAG)
        && !CachedPrefixes.off(line)
        && draft.gate(VllmFeature.SHA256_CBOR)) {
      line.append(FLAG, "sha256_cbor");
      draft.did(this, FLAG + " sha256_cbor");
    }
  }
}
