package dev.tandem.webhook.inject;

/** Whether an engine keeps blocks of prompts for later ones; vLLM does unless told otherwise. */
final class CachedPrefixes {

  private CachedPrefixes() {}

  static boolean off(CommandLine line) {
    return line.words().contains("--no-enable-prefix-caching")
        || "false".equalsIgnoreCase(line.value("--enable-prefix-caching"));
  }
}
