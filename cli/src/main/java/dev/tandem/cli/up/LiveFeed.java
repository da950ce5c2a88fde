package dev.tandem.cli.up;

import dev.tandem.api.Level;
import dev.tandem.cli.page.EventStream;
import dev.tandem.cli.page.PageFeed;
import dev.tandem.cli.page.PlacementView;
import dev.tandem.cli.page.RequestsView;
import dev.tandem.cli.page.Run;
import dev.tandem.cli.page.TopologyView;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The page's data of a local run. Safe for use by several threads. */
final class LiveFeed implements PageFeed {

  private final TopologyView topology;
  private final String note;
  private final EventStream events = new EventStream();
  private final LiveRun baseline;
  private final LiveRun tandem;
  private volatile String status = "Starting";

  LiveFeed(TopologyFile file, double speedUp, String note) {
    topology = view(file);
    this.note = note;
    baseline = new LiveRun(Run.BASELINE, speedUp, events);
    tandem = new LiveRun(Run.TANDEM, speedUp, events);
  }

  LiveRun run(Run which) {
    return switch (which) {
      case BASELINE -> baseline;
      case TANDEM -> tandem;
    };
  }

  void status(String now) {
    status = now;
  }

  @Override
  public TopologyView topology() {
    return topology;
  }

  @Override
  public List<PlacementView> placements() {
    return Stream.concat(tandem.placements().stream(), baseline.placements().stream()).toList();
  }

  @Override
  public RequestsView requests() {
    return new RequestsView(status, note, tandem.view(), baseline.view());
  }

  @Override
  public EventStream events() {
    return events;
  }

  private static TopologyView view(TopologyFile file) {
    LinkSpeeds speeds = file.speeds();
    Set<Level> present = EnumSet.of(Level.NODE);
    file.nodes().forEach(node -> present.addAll(node.levels().keySet()));
    List<TopologyView.LevelView> levels = new ArrayList<>();
    for (Level level : present) {
      LinkSpeeds.Link link = speeds.link(level);
      levels.add(
          new TopologyView.LevelView(
              level.label(), link.bandwidthGigabytesPerSecond(), link.transport().label()));
    }
    List<TopologyView.NodeView> nodes = new ArrayList<>();
    for (NodeFacts node : file.nodes()) {
      Map<String, String> path = new LinkedHashMap<>();
      node.levels().forEach((level, value) -> path.put(level.label(), value));
      nodes.add(
          new TopologyView.NodeView(
              node.name(), path, node.gpus(), file.used().getOrDefault(node.name(), 0)));
    }
    return new TopologyView(levels, nodes);
  }
}
