package dev.tandem.cli;

import dev.tandem.api.Keys;
import dev.tandem.webhook.InjectionFlags;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Manifests;
import dev.tandem.webhook.inject.Reference;
import dev.tandem.webhook.inject.SkipReason;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Does to a file what the webhook does to pods on their way into a cluster. */
@Command(
    name = "inject",
    mixinStandardHelpOptions = true,
    description = {
      "Prints YAML manifests as the webhook would change their pods.",
      "The manifests go to stdout, what was done and why to stderr.",
      "Any kind with a pod template is injected, everything else passes through."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every pod was injected or passed over",
      "1:a pod would be refused; it is printed as it came",
      "2:the file or an option cannot be read"
    },
    footerHeading = "Examples:%n",
    footer = {
      "  tandem inject -f deployment.yaml --diff",
      "  tandem inject -f deployment.yaml | kubectl apply -f -",
      "  helm template stack vllm/vllm-stack | tandem inject -f - --opted-in"
    })
public final class InjectCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private FileArgument file = new FileArgument();

  @Mixin private InjectionFlags flags = new InjectionFlags();

  @Option(names = "--diff", description = "Print what would change, not the manifests.")
  private boolean diff;

  @Option(
      names = "--reference",
      description = "Print the reference of annotations, outcomes and rules, and nothing else.")
  private boolean reference;

  @Option(
      names = "--opted-in",
      description = "Take pods without the inject label as meant, as in a namespace that has it.")
  private boolean optedIn;

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    if (reference) {
      out.print(Reference.markdown());
      out.flush();
      return 0;
    }
    Injector injector = injector(command);
    Manifests.Injection injection =
        file.read(text -> {
          Manifests.Injection result = new Manifests(injector).inject(text, optedIn);
          out.print(diff ? difference(text, result) : result.yaml());
          out.flush();
          return result;
        });
    injection.outcomes().forEach(outcome -> report(outcome, err));
    injection.notes().forEach(note -> err.println("note: " + note));
    if (injection.outcomes().isEmpty() && injection.notes().isEmpty()) {
      err.println("no pod and no pod template found");
    }
    if (injection.outcomes().stream().anyMatch(InjectCommand::isNotMeant)) {
      err.printf(
          "next: label the pod template (not the workload) %s: \"true\"; or, where the namespace "
              + "has that label, add --opted-in%n",
          Keys.INJECT);
    }
    err.flush();
    boolean refused =
        injection.outcomes().stream()
            .anyMatch(outcome -> outcome.result() instanceof InjectionResult.Denied);
    return refused ? 1 : 0;
  }

  private Injector injector(CommandSpec command) {
    try {
      return new Injector(flags.config());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /** Against the manifests as they would be printed, so that only changes of ours show. */
  private static String difference(String text, Manifests.Injection injection) throws IOException {
    return LineDiff.between(Manifests.normalized(text), Manifests.normalized(injection.yaml()));
  }

  private static boolean isNotMeant(Manifests.Outcome outcome) {
    return outcome.result() instanceof InjectionResult.Skipped skipped
        && skipped.reason() == SkipReason.NOT_OPTED_IN;
  }

  private static void report(Manifests.Outcome outcome, PrintWriter err) {
    switch (outcome.result()) {
      case InjectionResult.Injected injected -> {
        err.printf("%s: injected%n", outcome.object());
        injected.report().forEach(change -> err.printf("  %s: %s%n", change.rule(), change.what()));
        injected.warnings().forEach(warning -> err.printf("  warning: %s%n", warning));
      }
      case InjectionResult.Skipped skipped ->
          err.printf(
              "%s: skipped, %s (%s)%n",
              outcome.object(), skipped.reason().label(), skipped.reason().explanation());
      case InjectionResult.Denied denied -> {
        err.printf("%s: refused%n", outcome.object());
        denied.problems().forEach(problem -> err.printf("  %s%n", problem.message()));
      }
    }
  }
}
