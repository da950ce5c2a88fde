package dev.tandem.cli;

import dev.tandem.webhook.inject.Manifests;
import dev.tandem.webhook.inject.Removal;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Takes back what {@code tandem inject} or the webhook did to the pods of a file. */
@Command(
    name = "uninject",
    mixinStandardHelpOptions = true,
    description = {
      "Prints YAML manifests as they were before their pods were injected.",
      "The manifests go to stdout, what was done and why to stderr."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every pod was taken back, or never injected",
      "1:a pod was changed since and cannot be taken back; it is printed as it came",
      "2:the file or an option cannot be read"
    },
    footerHeading = "Example:%n",
    footer = "  tandem inject -f pod.yaml | tandem uninject -f -")
public final class UninjectCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private FileArgument file = new FileArgument();

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    PrintWriter out = command.commandLine().getOut();
    PrintWriter err = command.commandLine().getErr();
    Manifests.Restoration restoration = file.read(Manifests::uninject);
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
