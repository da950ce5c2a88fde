package dev.tandem.cli.simulate;

import java.util.ArrayList;
import java.util.List;

/** Seeds as they are written: one, or a range such as {@code 1-10}. */
final class Seeds {
  /** Most seeds of one run. */
  static final int MOST = 1_000;

  private Seeds() {}

  /**
   * The seeds of all values, in order.
   *
   * @throws IllegalArgumentException for anything else, naming the value
   */
  static List<Long> of(List<String> values) {
    List<Long> seeds = new ArrayList<>();
    for (String value : values) {
      int dash = value.indexOf('-', 1);
      long first = number(value, dash < 0 ? value : value.substring(0, dash));
      long last = dash < 0 ? first : number(value, value.substring(dash + 1));
      if (last < first || last - first >= MOST || seeds.size() + last - first >= MOST) {
        throw new IllegalArgumentException(
            "--seed: " + value + "; accepted: a range upwards, at most " + MOST + " seeds in all");
      }
      for (long seed = first; seed <= last; seed++) {
        seeds.add(seed);
      }
    }
    return seeds;
  }

  private static long number(String value, String part) {
    try {
      long seed = Long.parseLong(part);
      if (seed >= 0 && seed < Long.MAX_VALUE / 2) {
        return seed;
      }
    } catch (NumberFormatException e) {
      // said below, with the others
    }
    throw new IllegalArgumentException(
        "--seed: " + value + "; accepted: a whole number from 0, or a range such as 1-10");
  }
}
