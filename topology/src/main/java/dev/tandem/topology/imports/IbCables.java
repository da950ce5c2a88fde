package dev.tandem.topology.imports;

import dev.tandem.topology.facts.NameRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The cables of an InfiniBand fabric: which host has ports on which switch, which switch is joined
 * to which, and how far every switch is from the hosts. One thread; read-only once made.
 */
final class IbCables {
  /** A host with ports on more switches is a name many hosts share, such as "localhost". */
  private static final int MOST_SWITCHES_OF_A_HOST = 64;

  /** Of "MF0;rack-7:MQM9700/U1" only what stands between is the switch's name. */
  private static final Pattern SWITCH_NAME = Pattern.compile("[^;]*;([^;:]+):.*");

  private static final Pattern PART_NUMBER = Pattern.compile("MT\\d+(\\s.*)?");

  private final Source source;
  private final Findings findings;
  private final IbText text;
  private final Map<String, Map<String, List<Double>>> ports = new TreeMap<>();
  private final Map<String, Map<String, Double>> trunks = new TreeMap<>();

  IbCables(Source source, Findings findings) {
    this.source = source;
    this.findings = findings;
    this.text = IbText.read(source, findings);
    sort();
    leaveOutSharedNames();
  }

  /** GB/s of every port of a host, by host and switch. */
  Map<String, Map<String, List<Double>>> ports() {
    return ports;
  }

  /** GB/s in all from one switch to those it is joined to. */
  Map<String, Double> trunks(String name) {
    return trunks.getOrDefault(name, Map.of());
  }

  /** What a switch is called; its GUID where it has no name. */
  String nameOf(String name) {
    String description = text.description(name).strip();
    Matcher matcher = SWITCH_NAME.matcher(description);
    String called = matcher.matches() ? matcher.group(1).strip() : description;
    return Source.nodeName(called) ? called : name;
  }

  /**
   * Steps from a switch to the nearest host, 1 for a leaf. A switch with fewer hosts than
   * neighbours with hosts is no leaf: somebody plugged a management host into a spine.
   */
  Map<String, Integer> distances() {
    Map<String, Integer> hosts = new HashMap<>();
    ports.values().forEach(host -> host.keySet().forEach(s -> hosts.merge(s, 1, Integer::sum)));
    Map<String, Integer> distances = new HashMap<>();
    ArrayDeque<String> queue = new ArrayDeque<>();
    hosts.forEach((name, count) -> {
      long beside = trunks(name).keySet().stream().filter(hosts::containsKey).count();
      if (count >= beside) {
        distances.put(name, 1);
        queue.add(name);
      }
    });
    while (!queue.isEmpty()) {
      String name = queue.remove();
      int next = distances.getOrDefault(name, 0) + 1;
      for (String other : trunks(name).keySet()) {
        if (distances.putIfAbsent(other, next) == null) {
          queue.add(other);
        }
      }
    }
    return distances;
  }

  private void sort() {
    Map<String, Integer> unnamed = new TreeMap<>();
    for (IbText.Link link : text.links()) {
      boolean fromSwitch = link.from().startsWith("S-");
      boolean toSwitch = link.to().startsWith("S-");
      if (fromSwitch && toSwitch) {
        trunk(link.from(), link.to(), link.gigabytesPerSecond());
        trunk(link.to(), link.from(), link.gigabytesPerSecond());
      } else if (fromSwitch || toSwitch) {
        String description = text.description(fromSwitch ? link.to() : link.from());
        String host = host(description);
        String here = fromSwitch ? link.from() : link.to();
        if (host != null) {
          ports
              .computeIfAbsent(host, h -> new TreeMap<>())
              .computeIfAbsent(here, s -> new ArrayList<>())
              .add(link.gigabytesPerSecond());
        } else if (!description.contains("Aggregation Node")) {
          unnamed.merge(here, 1, Integer::sum);
        }
      }
    }
    if (!unnamed.isEmpty()) {
      findings.gap(
          "%s: %d adapters on %d switches have a description that names no host; left out"
              .formatted(
                  source.name(),
                  unnamed.values().stream().mapToInt(Integer::intValue).sum(),
                  unnamed.size()));
    }
  }

  private void trunk(String from, String to, double gigabytesPerSecond) {
    if (!from.equals(to)) {
      trunks.computeIfAbsent(from, s -> new TreeMap<>()).merge(to, gigabytesPerSecond, Double::sum);
    }
  }

  /** "host mlx5_0", "host HCA-1" or "host"; the part's own description names none. */
  private static @Nullable String host(String description) {
    String[] words = description.strip().split("\\s+", 4);
    boolean named =
        words.length <= 2
            && !PART_NUMBER.matcher(description).matches()
            && Source.nodeName(words[0]);
    return named ? words[0] : null;
  }

  private void leaveOutSharedNames() {
    ports
        .entrySet()
        .removeIf(host -> {
          int switches = host.getValue().size();
          if (switches > MOST_SWITCHES_OF_A_HOST) {
            findings.conflict(
                "%s: host '%s' has ports on %d switches, more than %d; a name many share, left out"
                    .formatted(source.name(), host.getKey(), switches, MOST_SWITCHES_OF_A_HOST));
          }
          return switches > MOST_SWITCHES_OF_A_HOST;
        });
    if (ports.size() > NameRange.MAX_NAMES) {
      throw new ImportRefused(
          "%s: more than %d hosts; accepted: at most that many"
              .formatted(source.name(), NameRange.MAX_NAMES));
    }
  }
}
