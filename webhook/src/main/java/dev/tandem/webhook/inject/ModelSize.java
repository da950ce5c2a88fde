package dev.tandem.webhook.inject;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much memory a model's weights take, from its name: the parameters it states, or a table of
 * those that state none, times the bytes of its number format.
 *
 * @param gigabytes of weights; 0 where not known
 */
record ModelSize(double gigabytes) {

  /** A name whose weights are known although it does not state its parameters. */
  private record Known(String fragment, double billions, double bytes) {}

  /** Published parameters and the format the weights come in. */
  private static final List<Known> TABLE =
      List.of(
          new Known("deepseek-v3", 671, 1),
          new Known("deepseek-r1-distill", 0, 0),
          new Known("deepseek-r1", 671, 1),
          new Known("deepseek-v2-lite", 16, 2),
          new Known("deepseek-v2", 236, 2),
          new Known("kimi-k2", 1000, 1),
          new Known("llama-4-scout", 109, 2),
          new Known("llama-4-maverick", 400, 2),
          new Known("gpt-oss-120b", 117, 0.53),
          new Known("gpt-oss-20b", 21, 0.65),
          new Known("mixtral-8x22b", 141, 2),
          new Known("mixtral-8x7b", 46.7, 2));

  /** 70B, 1.5b, 8x7B, 350m; not the 3 of Llama-3. */
  private static final Pattern PARAMETERS =
      Pattern.compile(
          "(?<![a-z0-9.])(?:([0-9]{1,2})x)?([0-9]{1,4}(?:\\.[0-9]{1,2})?)([bm])(?![a-z0-9])");

  /** What names of number formats hold; "fp4" is in those of NVIDIA and OCP. */
  private static final List<String> FOUR_BITS =
      List.of("awq", "gptq", "int4", "w4a16", "fp4", "4bit", "bnb-4");

  private static final List<String> EIGHT_BITS = List.of("fp8", "w8a8", "int8", "8bit", "w8a16");

  boolean known() {
    return gigabytes > 0;
  }

  /** The size of this model as this command line loads it. */
  static ModelSize of(String model, CommandLine line) {
    double bytes = bytes(model + " " + line.value("--quantization", "-q"), line.value("--dtype"));
    return of(model, bytes);
  }

  /** The size of a draft model. */
  static ModelSize ofDraft(String model) {
    return of(model, bytes(model, null));
  }

  private static ModelSize of(String model, double bytes) {
    String name = model.toLowerCase(Locale.ROOT).replace('_', '-');
    for (Known known : TABLE) {
      if (name.contains(known.fragment) && known.billions > 0) {
        return new ModelSize(known.billions * Math.min(known.bytes, bytes));
      }
      if (name.contains(known.fragment)) {
        break;
      }
    }
    Matcher matcher = PARAMETERS.matcher(name);
    double billions = 0;
    while (matcher.find()) {
      double number = Double.parseDouble(matcher.group(2));
      double experts = matcher.group(1) == null ? 1 : Double.parseDouble(matcher.group(1));
      double scale = matcher.group(3).equals("b") ? 1 : 0.001;
      billions = Math.max(billions, number * experts * scale);
    }
    return new ModelSize(billions * bytes);
  }

  private static double bytes(String name, @Nullable String dtype) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (FOUR_BITS.stream().anyMatch(lower::contains)) {
      return 0.55;
    }
    if (EIGHT_BITS.stream().anyMatch(lower::contains)) {
      return 1;
    }
    return "float32".equals(dtype) ? 4 : 2;
  }
}
