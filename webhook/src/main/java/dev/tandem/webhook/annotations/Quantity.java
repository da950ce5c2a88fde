package dev.tandem.webhook.annotations;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes resource quantity: its text and its size in base units (cores, bytes).
 *
 * <p>Grammar: k8s.io/apimachinery/pkg/api/resource/quantity.go, without exponents ({@code 1e3}),
 * which nobody writes by hand.
 */
public record Quantity(String text, BigDecimal amount) implements Comparable<Quantity> {

  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?");

  private static final Map<String, BigDecimal> UNITS =
      Map.of(
          "m", new BigDecimal("0.001"),
          "k", BigDecimal.valueOf(1_000L),
          "M", BigDecimal.valueOf(1_000_000L),
          "G", BigDecimal.valueOf(1_000_000_000L),
          "T", BigDecimal.valueOf(1_000_000_000_000L),
          "Ki", BigDecimal.valueOf(1L << 10),
          "Mi", BigDecimal.valueOf(1L << 20),
          "Gi", BigDecimal.valueOf(1L << 30),
          "Ti", BigDecimal.valueOf(1L << 40));

  /** The quantity written as {@code text}; null where it is none. */
  public static @Nullable Quantity parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String unit = matcher.group(2);
    BigDecimal scale = unit == null ? BigDecimal.ONE : UNITS.getOrDefault(unit, BigDecimal.ONE);
    return new Quantity(text, number.multiply(scale));
  }

  /** As {@link #parse}, for constants: fails on anything that is no quantity. */
  static Quantity of(String text) {
    Quantity quantity = parse(text);
    if (quantity == null) {
      throw new IllegalArgumentException("not a quantity: " + text);
    }
    return quantity;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  // By amount alone, so that it agrees with compareTo: 1 and 1000m are the same quantity.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
  }

  @Override
  public int hashCode() {
    return amount.stripTrailingZeros().hashCode();
  }
}
