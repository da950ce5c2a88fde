package dev.tandem.extender.record;

/**
 * Something in a segment that could not be used and was passed over.
 *
 * @param segment name of its file
 * @param line number of the line, from 1; 0 for the file as a whole
 * @param problem what is wrong, and what is accepted
 */
public record Damage(String segment, long line, String problem) {
  private static final int LONGEST = 300;

  public Damage {
    problem = problem.length() > LONGEST ? problem.substring(0, LONGEST) + "..." : problem;
  }

  @Override
  public String toString() {
    return line == 0 ? segment + ": " + problem : segment + " line " + line + ": " + problem;
  }
}
