package dev.tandem.standin.transfer;

import dev.tandem.api.LocalityPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the engine is: a locality path, or {@code @file} that is read anew each time, since a
 * downward API volume may be corrected later. What cannot be read counts as unknown.
 *
 * @param given the flag's value; null when the flag is absent
 */
public record Locality(@Nullable String given) implements Supplier<@Nullable LocalityPath> {
  private static final Logger log = LoggerFactory.getLogger(Locality.class);

  /** The path, or null when unknown. Blocks on a file. */
  @Override
  public @Nullable LocalityPath get() {
    if (given == null) {
      return null;
    }
    String text = given;
    if (given.startsWith("@")) {
      try {
        text = Files.readString(Path.of(given.substring(1))).strip();
      } catch (IOException e) {
        log.warn("locality file {}: {}", given.substring(1), e.toString());
        return null;
      }
    }
    return parse(text);
  }

  static @Nullable LocalityPath parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (LocalityPath.parse(text)) {
      case LocalityPath.Valid(LocalityPath path) -> path;
      case LocalityPath.Invalid(String reason) -> {
        log.warn("locality '{}' counts as unknown: {}", text, reason);
        yield null;
      }
    };
  }
}
