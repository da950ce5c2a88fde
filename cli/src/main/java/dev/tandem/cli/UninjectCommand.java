package dev.tandem.cli;

import dev.tandem.webhook.inject.Manifests;
import dev.tandem.webhook.inject.Removal;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes back what {@code tandem inject} or the webhook did to the pods of a file. */
@Command(
    name = "uninject",
    mixinStandardHelpOptions = true,
    description = {
      "Prints YAML manifests as they were before their pods were injected.",
      "The manifests go to stdout, what was done and why to stderr.",
      "Exit code 1 if a pod was changed since and cannot be taken back; it is printed as it came."
    })
public final class UninjectCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      required = true,
      description = "Manifests to read, any number of documents; - for stdin.")
  private String file = "-";

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Manifests.Restoration restoration;
    try {
      restoration = Manifests.uninject(ManifestFile.read(file));
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(), "%s: %s".formatted(file, ManifestFile.reason(e)), e);
    }
    out.print(restoration.yaml());
    out.flush();
    boolean all = true;
    for (Manifests.Undone undone : restoration.outcomes()) {
      switch (undone.result()) {
        case Removal.Result.Restored _ -> err.printf("%s: restored%n", undone.object());
        case Removal.Result.NotInjected _ -> err.printf("%s: not injected%n", undone.object());
        case Removal.Result.Impossible(String reason) -> {
          all = false;
          err.printf("%s: left as it is: %s%n", undone.object(), reason);
        }
      }
    }
    err.flush();
    return all ? 0 : 1;
  }
}
