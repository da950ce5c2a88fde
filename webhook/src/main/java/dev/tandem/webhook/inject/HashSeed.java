package dev.tandem.webhook.inject;

/**
 * The same seed on every pod: images before August 2026 (vllm-project/vllm#51875) start the chain
 * of block hashes from a random one.
 */
final class HashSeed implements Rule {

  @Override
  public String name() {
    return "hash-seed";
  }

  @Override
  public String condition() {
    return "PYTHONHASHSEED absent";
  }

  @Override
  public String reason() {
    return "equal prompts would have other block hashes on every pod";
  }

  @Override
  public void apply(Draft draft) {
    draft.variable(this, "PYTHONHASHSEED", "0");
  }
}
