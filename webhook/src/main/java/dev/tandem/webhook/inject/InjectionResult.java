package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.annotations.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** What became of one pod. */
public sealed interface InjectionResult {

  /**
   * The pod may go on, changed.
   *
   * @param patch RFC 6902 operations against the pod as it came; empty when nothing was left to do
   * @param pod the pod with the patch applied
   * @param report what each rule did, in order
   * @param warnings for the person who applies the pod
   */
  record Injected(ArrayNode patch, ObjectNode pod, List<Change> report, List<String> warnings)
      implements InjectionResult {
    public Injected {
      report = List.copyOf(report);
      warnings = List.copyOf(warnings);
    }
  }

  /** The pod goes on as it came. */
  record Skipped(SkipReason reason) implements InjectionResult {}

  /** The pod is refused; every problem found is listed. */
  record Denied(List<Problem> problems) implements InjectionResult {
    public Denied {
      problems = List.copyOf(problems);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a refusal names at least one problem");
      }
    }

    /** All problems in one text, for the person whose pod was refused. */
    public String message() {
      return problems.stream().map(Problem::message).collect(Collectors.joining("; "));
    }
  }

  /**
   * One thing a rule did.
   *
   * @param rule the rule's name
   * @param what what it changed, for a person
   */
  record Change(String rule, String what) {}
}
