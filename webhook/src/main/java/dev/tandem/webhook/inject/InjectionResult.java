package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.annotations.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What became of one pod. Whoever answers for it needs only the methods here: the outcome for
 * metrics and events, the patch, the warnings and the problems; the three cases hold what is theirs
 * alone.
 */
public sealed interface InjectionResult {

  /** U+0000 to U+001F and U+007F to U+009F. */
  Pattern CONTROL = Pattern.compile("[\\x00-\\x1f\\x7f-\\x9f]");

  /** Characters an admission warning should have at most (k8s.io/api/admission/v1/types.go). */
  int WARNING_CHARACTERS = 120;

  /** One of {@link #outcomes()}: lower-case and stable, a metric label value. */
  String outcome();

  /** RFC 6902 operations against the pod as it came; empty when it goes on as it came. */
  ArrayNode patch();

  /** For the person who applies the pod, each at most {@value #WARNING_CHARACTERS} characters. */
  List<String> warnings();

  /** Everything the pod's author has to change; not empty means the pod is refused. */
  List<Problem> problems();

  /**
   * All values {@link #outcome()} can have, so that each can be shown as zero before it happens.
   */
  static List<String> outcomes() {
    List<String> outcomes = new ArrayList<>(List.of(Injected.OUTCOME, Denied.OUTCOME));
    Arrays.stream(SkipReason.values()).map(Skipped::outcome).forEach(outcomes::add);
    return outcomes;
  }

  /**
   * The pod may go on, changed.
   *
   * @param patch against the pod as it came; empty when nothing was left to do
   * @param pod the pod with the patch applied
   * @param report what each rule did, in order
   * @param warnings for the person who applies the pod
   * @param template hash of what was put in, {@code sha256:<16 hex digits>}
   */
  record Injected(
      ArrayNode patch, ObjectNode pod, List<Change> report, List<String> warnings, String template)
      implements InjectionResult {

    static final String OUTCOME = "injected";

    public Injected {
      report = List.copyOf(report);
      warnings = brief(warnings);
    }

    @Override
    public String outcome() {
      return OUTCOME;
    }

    @Override
    public List<Problem> problems() {
      return List.of();
    }
  }

  /**
   * The pod gets nothing from us; a locality it brought along is still taken away.
   *
   * @param reason why
   * @param patch removes a forged locality, else empty
   * @param warnings for the person who applies the pod
   */
  record Skipped(SkipReason reason, ArrayNode patch, List<String> warnings)
      implements InjectionResult {

    public Skipped {
      warnings = brief(warnings);
    }

    static Skipped unchanged(SkipReason reason) {
      return new Skipped(reason, JsonNodeFactory.instance.arrayNode(), List.of());
    }

    private static String outcome(SkipReason reason) {
      return "skipped_" + reason.label();
    }

    @Override
    public String outcome() {
      return outcome(reason);
    }

    @Override
    public List<Problem> problems() {
      return List.of();
    }
  }

  /**
   * The pod is refused.
   *
   * @param problems every problem found, not only the first
   * @param warnings for the person who applies the pod
   */
  record Denied(List<Problem> problems, List<String> warnings) implements InjectionResult {

    static final String OUTCOME = "denied";

    private static final int MOST_SHOWN = 50;

    public Denied {
      problems = List.copyOf(problems);
      warnings = brief(warnings);
      if (problems.isEmpty()) {
        throw new IllegalArgumentException("a refusal names at least one problem");
      }
    }

    @Override
    public String outcome() {
      return OUTCOME;
    }

    @Override
    public ArrayNode patch() {
      return JsonNodeFactory.instance.arrayNode();
    }

    /**
     * All problems in one text, for the person whose pod was refused; of hundreds the first {@value
     * #MOST_SHOWN}, and how many more there are: the API server takes an answer that is too long
     * for none, and admits the pod.
     */
    public String message() {
      String shown =
          problems.stream()
              .limit(MOST_SHOWN)
              .map(Problem::message)
              .collect(Collectors.joining("; "));
      return problems.size() <= MOST_SHOWN
          ? shown
          : "%s; and %d more".formatted(shown, problems.size() - MOST_SHOWN);
    }
  }

  /**
   * One thing a rule did.
   *
   * @param rule the rule's name
   * @param what what it changed, for a person
   */
  record Change(String rule, String what) {}

  private static List<String> brief(List<String> warnings) {
    return warnings.stream().distinct().map(InjectionResult::fitting).toList();
  }

  /** The API server drops a warning with a control character in it. */
  private static String fitting(String text) {
    String warning = CONTROL.matcher(text).replaceAll("?");
    if (warning.codePointCount(0, warning.length()) <= WARNING_CHARACTERS) {
      return warning;
    }
    return warning.substring(0, warning.offsetByCodePoints(0, WARNING_CHARACTERS - 3)) + "...";
  }
}
