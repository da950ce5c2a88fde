package dev.tandem.router.choose;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast an engine is taken to be until it has been observed: {@link EngineSpeed#PRIOR} is a 70B
 * model's, and both computing a prompt and generating a token take time in proportion to the
 * parameters a token passes through. Their number is read from the model's name, where it is named
 * so by custom: {@code 8b}, {@code 0.5B}, {@code 8x7b}, {@code 30b-a3b} (3B of them active).
 * Stateless.
 */
public final class SpeedPrior {

  private static final double REFERENCE_BILLIONS = 70;

  // A small model is bound by other things than its size.
  private static final double LEAST_BILLIONS = 3;
  private static final double MOST_BILLIONS = 700;

  // Mixtral routes a token through two of its experts.
  private static final int EXPERTS_A_TOKEN = 2;

  private static final Pattern SIZE =
      Pattern.compile(
          "(?:^|[^a-z0-9.])(?:(\\d{1,3})x)?(a?)(\\d{1,4}(?:\\.\\d{1,2})?)b(?![a-z0-9])");

  private SpeedPrior() {}

  /** The prior of a served model name; {@link EngineSpeed#PRIOR} where it tells no size. */
  public static EngineSpeed of(String model) {
    double billions = activeBillions(model);
    return Double.isNaN(billions)
        ? EngineSpeed.PRIOR
        : scaled(Math.clamp(billions, LEAST_BILLIONS, MOST_BILLIONS) / REFERENCE_BILLIONS);
  }

  private static EngineSpeed scaled(double share) {
    return new EngineSpeed(
        EngineSpeed.PRIOR.tokensPerSecond() / share,
        EngineSpeed.PRIOR.overheadSeconds(),
        EngineSpeed.PRIOR.secondsPerToken() * share);
  }

  /** Not a number where the name tells nothing. */
  private static double activeBillions(String model) {
    Matcher size = SIZE.matcher(model.toLowerCase(Locale.ROOT));
    double found = Double.NaN;
    while (size.find()) {
      double billions = Double.parseDouble(size.group(3));
      if (!size.group(2).isEmpty()) {
        return billions;
      }
      found = size.group(1) == null ? billions : billions * EXPERTS_A_TOKEN;
    }
    return found;
  }
}
