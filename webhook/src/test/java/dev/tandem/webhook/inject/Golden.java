package dev.tandem.webhook.inject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The golden pairs: {@code name.yaml} as a user writes it, {@code name.injected.yaml} what comes of
 * it, with what became of each pod in comments on top. {@code -Dtandem.golden=write} rewrites the
 * second.
 */
final class Golden {

  static final Path FOLDER = Path.of("src/test/resources/golden");
  static final boolean REFRESH = "write".equals(System.getProperty("tandem.golden"));

  private Golden() {}

  static List<String> names() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml") && !name.endsWith(".injected.yaml"))
          .map(name -> name.substring(0, name.length() - ".yaml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String input(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name + ".yaml"));
  }

  static Path expected(String name) {
    return FOLDER.resolve(name + ".injected.yaml");
  }

  static Manifests.Injection injected(String yaml) throws IOException {
    return new Manifests(new Injector(InjectionConfig.DEFAULT)).inject(yaml, false);
  }

  static String written(Manifests.Injection injection) {
    StringBuilder text = new StringBuilder();
    for (Manifests.Outcome outcome : injection.outcomes()) {
      text.append("# ").append(outcome.object()).append(": ");
      switch (outcome.result()) {
        case InjectionResult.Injected injected -> {
          text.append("injected\n");
          injected
              .warnings()
              .forEach(warning -> text.append("#   warning: ").append(warning).append('\n'));
        }
        case InjectionResult.Skipped skipped ->
            text.append("skipped: ").append(skipped.reason().label()).append('\n');
        case InjectionResult.Denied denied -> {
          text.append("denied\n");
          denied
              .problems()
              .forEach(problem -> text.append("#   ").append(problem.message()).append('\n'));
        }
      }
    }
    injection.notes().forEach(note -> text.append("# note: ").append(note).append('\n'));
    return text.append(injection.yaml()).toString();
  }
}
