package dev.tandem.topology.imports;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NameRange;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Slurm's topology.conf, tree and block, as topology.conf(5) has it: one switch or block a line,
 * names as host lists, keys in any case, comments after {@code #}, a backslash continues a line. A
 * block is read as an NVLink domain, which is what topology/block was made for. A line that cannot
 * be read is a conflict and the rest is read.
 */
final class SlurmTopology {
  private static final Pattern SETTING =
      Pattern.compile("(?<![A-Za-z])([A-Za-z]++)\\s*+=\\s*+(\\S++)");
  private static final Set<String> KNOWN =
      Set.of("switchname", "switches", "nodes", "linkspeed", "blockname", "blocksizes");

  private final Source source;
  private final Findings findings = new Findings();
  private final SwitchTree tree = new SwitchTree(findings);
  private long names;

  private SlurmTopology(Source source) {
    this.source = source;
  }

  static Imported read(Source source) {
    SlurmTopology reading = new SlurmTopology(source);
    StringBuilder joined = new StringBuilder();
    int number = 0;
    for (String line : (Iterable<String>) source.text().lines()::iterator) {
      number++;
      int comment = line.indexOf('#');
      String text = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (text.endsWith("\\")) {
        joined.append(text, 0, text.length() - 1).append(' ');
        continue;
      }
      reading.line(joined + text, number);
      joined.setLength(0);
    }
    reading.line(joined.toString(), number);
    return new Imported(reading.tree.nodes(), Map.of(), reading.findings.list());
  }

  private void line(String line, int number) {
    if (line.isBlank()) {
      return;
    }
    Map<String, String> settings = new HashMap<>();
    Matcher matcher = SETTING.matcher(line);
    while (matcher.find()) {
      settings.put(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
    }
    String place = source.at(number);
    for (String key : settings.keySet()) {
      if (!KNOWN.contains(key)) {
        findings.conflict(
            "%s: key '%s'; accepted: SwitchName, Switches, Nodes, LinkSpeed, BlockName, BlockSizes"
                .formatted(place, Source.shown(key)));
      }
    }
    String switchName = settings.get("switchname");
    String blockName = settings.get("blockname");
    try {
      if (switchName != null) {
        readSwitch(switchName, settings, place);
      } else if (blockName != null) {
        List<String> nodes = expand(settings.getOrDefault("nodes", ""));
        tree.hangNodes(nodes, null, Map.of(Level.NVLINK, blockName), place);
      } else if (!settings.containsKey("blocksizes")) {
        findings.conflict(
            "%s: '%s' has neither SwitchName= nor BlockName=; left out"
                .formatted(place, Source.shown(line)));
      }
    } catch (IllegalArgumentException e) {
      findings.conflict(place + ": " + e.getMessage() + "; left out");
    }
  }

  private void readSwitch(String name, Map<String, String> settings, String place) {
    String switches = settings.get("switches");
    String nodes = settings.get("nodes");
    if (switches == null && nodes == null) {
      findings.gap("%s: switch %s has nothing below it".formatted(place, Source.shown(name)));
    }
    tree.addSwitch(name);
    if (switches != null) {
      for (String below : expand(switches)) {
        tree.hang(below, name, place);
      }
    }
    if (nodes != null) {
      tree.hangNodes(expand(nodes), name, Map.of(), place);
    }
  }

  /** A file of many lists is bounded like one list, ten times over: lists may name nodes again. */
  private List<String> expand(String list) {
    List<String> expanded = NameRange.expand(list);
    names += expanded.size();
    if (names > 10L * NameRange.MAX_NAMES) {
      throw new ImportRefused(
          "%s: more than %d names in all".formatted(source.name(), 10 * NameRange.MAX_NAMES));
    }
    return expanded;
  }
}
