package dev.tandem.topology.imports;

/**
 * Something a reader of an import should know. Immutable.
 *
 * @param kind how bad it is
 * @param text one sentence that names the place and the value
 */
public record Finding(Kind kind, String text) {

  /** How bad a finding is. */
  public enum Kind {
    /** How something was read. */
    NOTE,
    /** Something is missing; what depends on it stays unknown. */
    GAP,
    /** Two statements contradict each other, or one cannot be read; it was left out. */
    CONFLICT
  }
}
