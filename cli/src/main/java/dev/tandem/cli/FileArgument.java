package dev.tandem.cli;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The one file of manifests a command reads, named with {@code -f} or without. */
final class FileArgument {

  /** What a command does with the text of its file. */
  interface Use<T> {
    T of(String text) throws IOException;
  }

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      description = "Manifests to read, any number of documents; - for stdin.")
  private @Nullable String file;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "The same as -f FILE.")
  private @Nullable String place;

  /**
   * Reads the file and uses it.
   *
   * @throws ParameterException where no file is named, or it cannot be read or used; names the file
   */
  <T> T read(Use<T> use) {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException("picocli fills this in");
    }
    String name = file == null ? place : file;
    if (name == null || (file != null && place != null)) {
      throw new ParameterException(
          spec.commandLine(), "one file is needed: -f FILE, or -f - for what comes in on stdin");
    }
    try {
      return use.of(ManifestFile.read(name));
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "%s: %s".formatted(name, ManifestFile.reason(e)), e);
    }
  }
}
