package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Speculation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A digest of what two engines must have in common to exchange KV cache: what NIXL's own handshake
 * compares and a command line shows
 * (vllm/distributed/kv_transfer/kv_connector/v1/nixl/metadata.py). During a rollout old and new
 * engines of a group stand side by side, and a pair across them fails at the handshake. The model
 * counts as it is written: vLLM compares the string.
 */
final class CompatibilityLabel implements Rule {

  /** Hex digits of SHA-256 kept: enough to tell the engines of a cluster apart. */
  private static final int DIGITS = 16;

  @Override
  public String name() {
    return "compatibility-label";
  }

  @Override
  public String condition() {
    return "prefill and decode pods";
  }

  @Override
  public String reason() {
    return "during a rollout engines that cannot exchange cache would be paired";
  }

  @Override
  public void apply(Draft draft) {
    if (!draft.plan().wishes().splitsPrefillFromDecode() || !draft.plan().completesArguments()) {
      return;
    }
    String digest = digest(draft);
    if (!draft.labels().path(Keys.COMPATIBILITY).asText().equals(digest)) {
      draft.labels().put(Keys.COMPATIBILITY, digest);
      draft.did(this, Keys.COMPATIBILITY + ": " + digest);
    }
  }

  private static String digest(Draft draft) {
    CommandLine line = draft.commandLine();
    Plan plan = draft.plan();
    String version =
        plan.vllm() != null ? plan.vllm().toString() : draft.engine().path("image").asText();
    OwnTransfer own = OwnTransfer.of(line);
    List<String> parts =
        List.of(
            version,
            plan.modelPath(),
            of(line, "--dtype"),
            of(line, "--kv-cache-dtype"),
            of(line, "--attention-backend"),
            Boolean.toString(line.on("--disable-hybrid-kv-cache-manager")),
            own == null ? KvTransferConfig.connectorName(plan) : own.connector(),
            of(SpeculativeConfig.of(plan.wishes().speculative(), line)),
            environment(draft, "VLLM_ATTENTION_BACKEND"));
    return hex(String.join("\n", parts));
  }

  /** Of speculation, what changes the layers; how many tokens are guessed may differ. */
  private static String of(@Nullable Speculation speculation) {
    if (speculation == null || !speculation.sharesLayers()) {
      return "";
    }
    return Stream.concat(
            Stream.of(String.valueOf(speculation.method())),
            Stream.of("model", "revision", "code_revision", "parallel_drafting", "kv_cache_dtype")
                .map(speculation::text))
        .collect(Collectors.joining(","));
  }

  private static String of(CommandLine line, String flag) {
    String value = line.value(flag);
    return value == null ? "auto" : value.toLowerCase(Locale.ROOT);
  }

  private static String environment(Draft draft, String name) {
    String value = draft.environment().value(name);
    return value == null ? "" : value;
  }

  private static String hex(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
