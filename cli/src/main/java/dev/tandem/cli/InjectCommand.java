package dev.tandem.cli;

import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Manifests;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  /** Far above any manifest; a wrong file is refused before it fills the memory. */
  private static final int MOST_BYTES = 64 << 20;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "Manifests to read, any number of documents; - for stdin.")
  private String file = "-";

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
    Manifests.Injection injection = injection(command);
    out.print(injection.yaml());
    out.flush();
    injection.outcomes().forEach(outcome -> report(outcome, err));
    if (injection.outcomes().isEmpty()) {
      err.println("no pod and no pod template found");
    }
    err.flush();
    boolean refused =
        injection.outcomes().stream()
            .anyMatch(outcome -> outcome.result() instanceof InjectionResult.Denied);
    return refused ? 1 : 0;
  }

  private Manifests.Injection injection(CommandSpec command) {
    try {
      InjectionConfig config =
          new InjectionConfig(routerImage, schedulerName, InjectionConfig.DEFAULT.version());
      return new Manifests(new Injector(config)).inject(text(), optedIn);
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), "%s: %s".formatted(file, reason(e)), e);
    }
  }

  private String text() throws IOException {
    try (InputStream stream = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
      byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IOException("accepted are at most %d bytes".formatted(MOST_BYTES));
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private static String reason(Exception e) {
    return e instanceof NoSuchFileException ? "no such file" : String.valueOf(e.getMessage());
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
