package dev.tandem.cli;

import dev.tandem.webhook.annotations.VllmVersion;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Manifests;
import dev.tandem.webhook.inject.Reference;
import dev.tandem.webhook.inject.SidecarKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
      "Exit code 1 if a pod would be refused; it is printed as it came."
    })
public final class InjectCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "Manifests to read, any number of documents; - for stdin.")
  private @Nullable String file;

  @Option(names = "--diff", description = "Print what would change, not the manifests.")
  private boolean diff;

  @Option(
      names = "--reference",
      description = "Print the reference of annotations, outcomes and rules, and nothing else.")
  private boolean reference;

  @Option(
      names = "--sidecar",
      paramLabel = "KIND",
      description = "NATIVE, or REGULAR for clusters older than 1.29 (default: NATIVE).")
  private SidecarKind sidecar = SidecarKind.NATIVE;

  @Option(
      names = "--assume-vllm",
      paramLabel = "VERSION",
      description = "vLLM's version where neither image nor annotation tells it.")
  private @Nullable String assumedVllm;

  @Option(
      names = "--opted-in",
      description = "Take pods without the inject label as meant, as in a namespace that has it.")
  private boolean optedIn;

  @Option(
      names = "--router-image",
      paramLabel = "IMAGE",
      description = "Image of the router sidecar (default: tandem/router-sidecar:dev).")
  private String routerImage = InjectionConfig.DEFAULT.routerImage();

  @Option(
      names = "--scheduler-name",
      paramLabel = "NAME",
      description = "Scheduler the pods are given to (default: tandem).")
  private String schedulerName = InjectionConfig.DEFAULT.schedulerName();

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
    String text = text(command);
    Manifests.Injection injection = injection(command, text);
    out.print(diff ? LineDiff.between(normalized(text), injection.yaml()) : injection.yaml());
    out.flush();
    injection.outcomes().forEach(outcome -> report(outcome, err));
    injection.notes().forEach(note -> err.println("note: " + note));
    if (injection.outcomes().isEmpty() && injection.notes().isEmpty()) {
      err.println("no pod and no pod template found");
    }
    err.flush();
    boolean refused =
        injection.outcomes().stream()
            .anyMatch(outcome -> outcome.result() instanceof InjectionResult.Denied);
    return refused ? 1 : 0;
  }

  private Manifests.Injection injection(CommandSpec command, String text) {
    try {
      InjectionConfig config =
          new InjectionConfig(routerImage, schedulerName, InjectionConfig.DEFAULT.version())
              .with(sidecar);
      return new Manifests(new Injector(assuming(config))).inject(text, optedIn);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), "%s: %s".formatted(file, ManifestFile.reason(e)), e);
    }
  }

  private InjectionConfig assuming(InjectionConfig config) {
    return assumedVllm == null ? config : config.assuming(VllmVersion.of(assumedVllm));
  }

  private String text(CommandSpec command) {
    if (file == null) {
      throw new ParameterException(command.commandLine(), "Missing required option: '-f=FILE'");
    }
    try {
      return ManifestFile.read(file);
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(), "%s: %s".formatted(file, ManifestFile.reason(e)), e);
    }
  }

  /** The manifests as they would be printed, so that only changes of ours show. */
  private static String normalized(String text) {
    try {
      return Manifests.normalized(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
