package dev.tandem.cli.bench;

import dev.tandem.cli.bench.AdmissionRounds.Round;
import dev.tandem.cli.bench.AdmissionRounds.Run;
import dev.tandem.cli.bench.AdmissionRounds.Way;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What admission costs an API server: takes rounds, and says each and the middle of all. */
final class AdmissionCost {

  /** Below this many milliseconds a program does not show. */
  private static final double SHOWN_MILLIS = 0.005;

  private static final List<Way> OF_WITHOUT =
      List.of(Way.BEFOREHAND, Way.LEAVES_ALONE, Way.REPEATED, Way.INJECTS, Way.INJECTS_BY_SERVICE);

  private final PrintWriter out;

  AdmissionCost(PrintWriter out) {
    this.out = out;
  }

  /**
   * Takes one round that does not count and {@code rounds} that do.
   *
   * @param how pods come to be, for the person who reads
   */
  void measure(String how, AdmissionRounds all, int rounds) {
    say("%s, pods/s:", how);
    List<Round> counted = new ArrayList<>();
    for (int number = 0; number <= rounds; number++) {
      Round round = all.round(number);
      say(
          "  %s: %s",
          number == 0 ? "to warm up" : "round " + number,
          Arrays.stream(Way.values())
              .map(way -> "%s %.0f".formatted(way.text, round.run(way).podsASecond()))
              .collect(Collectors.joining(", ")));
      if (number > 0) {
        counted.add(round);
      }
    }
    say("  processor ms a pod, median of the rounds:");
    for (Way way : Way.values()) {
      say("    %s: %s", way.text, processorTime(counted, way));
    }
    for (Way way : OF_WITHOUT) {
      long unstamped = counted.stream().mapToLong(round -> round.run(way).unstamped()).sum();
      if (unstamped > 0) {
        say("    %s: %d binds had no answer within their second", way.text, unstamped);
      }
    }
    say("  of the rate without the webhook, median (least - most):");
    for (Way way : OF_WITHOUT) {
      say("    %s: %s x", way.text, ratios(counted, way, Way.ABSENT));
    }
    for (Way other : List.of(Way.BEFOREHAND, Way.REPEATED)) {
      say("  injected, of \"%s\": %s x", other.text, ratios(counted, Way.INJECTS, other));
    }
    say(
        "  injected through a Service, of \"%s\": %s x",
        Way.BEFOREHAND.text, ratios(counted, Way.INJECTS_BY_SERVICE, Way.BEFOREHAND));
  }

  private static String ratios(List<Round> rounds, Way way, Way other) {
    return Spread.of(rounds.stream().mapToDouble(round -> round.ratio(way, other)).toArray())
        .text("%.2f");
  }

  private static String processorTime(List<Round> rounds, Way way) {
    Map<String, List<Double>> byProgram =
        rounds.stream()
            .map(round -> round.run(way))
            .map(Run::millisAPod)
            .flatMap(millis -> millis.entrySet().stream())
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    return byProgram.entrySet().stream()
        .map(program -> Map.entry(program.getKey(), median(program.getValue())))
        .filter(program -> program.getValue() >= SHOWN_MILLIS)
        .map(program -> "%s %.2f".formatted(shown(program.getKey()), program.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static double median(List<Double> figures) {
    return Spread.of(figures.stream().mapToDouble(Double::doubleValue).toArray()).median();
  }

  private static String shown(String program) {
    return program.equals("java") ? "webhook" : program;
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
