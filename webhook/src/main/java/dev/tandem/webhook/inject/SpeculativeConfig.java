package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.annotations.Speculation;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Passes the {@code speculative} annotation on to vLLM, in the same pod as the target. */
final class SpeculativeConfig implements Rule {

  static final String FLAG = "--speculative-config";
  private static final String SHORT_FLAG = "-sc";

  @Override
  public String name() {
    return "speculative-config";
  }

  @Override
  public String condition() {
    return "annotation speculative, flag absent";
  }

  @Override
  public String reason() {
    return "vLLM runs a draft in the target's own processes; a draft in another pod does nothing";
  }

  /** Whether the command line itself configures speculation, in any of its forms. */
  private static boolean own(CommandLine line) {
    return line.has(FLAG)
        || line.value(SHORT_FLAG) != null
        || Stream.of("--spec-method", "--spec-model", "--spec-tokens").anyMatch(line::has);
  }

  /** How the engine will speculate: as its command line says, else its annotation; or null. */
  static @Nullable Speculation of(@Nullable Speculation annotated, CommandLine line) {
    if (!own(line)) {
      return annotated;
    }
    String text = line.value(FLAG, SHORT_FLAG);
    Speculation whole = text == null ? null : Speculation.parse(text);
    if (whole != null) {
      return whole;
    }
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    for (String key : List.of("method", "model", "revision", "draft_tensor_parallel_size")) {
      String value = line.value(FLAG + "." + key.replace('_', '-'), "--spec-" + key);
      if (value != null) {
        keys.put(key, value);
      }
    }
    return new Speculation(keys);
  }

  @Override
  public void apply(Draft draft) {
    Speculation speculation = draft.plan().wishes().speculative();
    CommandLine line = draft.commandLine();
    if (speculation == null || !draft.plan().completesArguments()) {
      return;
    }
    if (own(line)) {
      draft.warn("annotation speculative is not used: vLLM's arguments configure speculation");
    } else if (draft.gate(VllmFeature.SPECULATIVE_CONFIG)) {
      String json = speculation.json().toString();
      line.append(FLAG, json);
      draft.did(this, FLAG + " " + json);
    }
  }
}
