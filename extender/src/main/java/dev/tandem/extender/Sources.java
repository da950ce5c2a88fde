package dev.tandem.extender;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the extender learns how nodes are joined, besides their labels. Immutable.
 *
 * @param topology topology file whose facts win over node labels, or null
 */
public record Sources(@Nullable Path topology) {

  /** Node labels alone. */
  public static Sources defaults() {
    return new Sources(null);
  }
}
