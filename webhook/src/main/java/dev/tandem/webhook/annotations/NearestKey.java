package dev.tandem.webhook.annotations;

import java.util.Collection;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What a mistyped key probably meant: the known one with the fewest single-letter changes. */
final class NearestKey {

  /** Longer keys are no typing mistake, and comparing costs their length squared. */
  private static final int LONGEST = 128;

  private NearestKey() {}

  /** The nearest of {@code known}; null where none shares at least half of its letters. */
  static @Nullable String to(String key, Collection<String> known) {
    if (key.length() > LONGEST) {
      return null;
    }
    String nearest =
        known.stream()
            .min(
                Comparator.<String>comparingInt(other -> distance(key, other))
                    .thenComparing(Comparator.naturalOrder()))
            .orElse(null);
    return nearest != null && 2 * distance(key, nearest) <= nearest.length() ? nearest : null;
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
