package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.Annotation;
import dev.tandem.webhook.annotations.RouterOption;
import java.util.Arrays;

/** The reference page of annotations, outcomes and rules, written from the code they are in. */
public final class Reference {

  private Reference() {}

  /** The page, in Markdown. */
  public static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# Annotations, outcomes and rules\n\n")
        .append("Generated from the code; `./tandem inject --reference` prints it. Keys have the")
        .append(" prefix `production-stack.vllm.ai/` unless they are written out.\n\n")
        .append("A pod is meant when it, or its namespace, has the label")
        .append(
            " `production-stack.vllm.ai/inject: \"true\"`; `\"false\"` on the pod wins, and so does a label without a value.\n\n")
        .append("## What you may write\n\n| key | accepted | otherwise | what it does |\n")
        .append("|---|---|---|---|\n");
    for (Annotation annotation : Annotation.values()) {
      row(
          page,
          "`" + annotation.key().substring(annotation.key().indexOf('/') + 1) + "`",
          annotation.accepted(),
          annotation.otherwise(),
          annotation.meaning());
    }
    page.append("\nRead too: `inference.networking.x-k8s.io/port-discovery` (a JSON list; several")
        .append(
            " entries make several endpoints, whose engines keep their ports and get no router),")
        .append(
            " `llm-d.ai/active-ports` and `inference.networking.k8s.io/active-ports` (comma lists")
        .append(" of ports).\n\nWritten by us: annotations `injected`, `locality`, `model`,")
        .append(" port-discovery; labels `group`, `role`, `pool`, `compatibility`.\n");
    page.append("\n## What `router-options` takes\n\n")
        .append("In the form `--name=value`; each once, or as often as you like where it says so.")
        .append(" `tandem router --help` tells what they do.\n\n| flag | value |\n|---|---|\n");
    for (RouterOption option : RouterOption.values()) {
      row(
          page,
          "`" + option.flag() + "`",
          option.accepted() + (option.repeatable() ? "; repeatable" : ""));
    }
    page.append("\n## What can become of a pod\n\n| outcome | when |\n|---|---|\n");
    row(page, "`injected`", "nothing stands against it");
    row(page, "`denied`", "its author has something to change; every problem is listed");
    for (SkipReason reason : SkipReason.values()) {
      row(page, "`skipped_" + reason.label() + "`", reason.explanation());
    }
    page.append("\n## What is injected\n\nIn this order; what you set yourself stays.\n\n")
        .append("| rule | when | what would happen without it |\n|---|---|---|\n");
    for (Rule rule : Injector.RULES) {
      row(page, "`" + rule.name() + "`", rule.condition(), rule.reason());
    }
    page.append("\n## What needs which vLLM\n\n")
        .append("The version is the annotation's, else the image tag's, else the installation's.")
        .append(
            " Without one nothing of this is injected.\n\n| flag or key | since |\n|---|---|\n");
    for (VllmFeature feature : VllmFeature.values()) {
      row(page, "`" + feature.label() + "`", feature.since().toString());
    }
    return page.toString();
  }

  private static void row(StringBuilder page, String... cells) {
    Arrays.stream(cells)
        .forEach(cell -> page.append("| ").append(cell.replace("|", "\\|")).append(' '));
    page.append("|\n");
  }
}
