package dev.tandem.extender.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.ClusterPicture;
import dev.tandem.extender.decide.Decider;
import dev.tandem.extender.decide.Explainer;
import dev.tandem.extender.decide.Explanation;
import dev.tandem.extender.decide.Journal;
import dev.tandem.extender.decide.Placement;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.graph.Interconnect;
import java.util.List;
import java.util.Map;

/** The JSON people and pages read: why, where, and what the cluster looks like. */
final class Views {
  private final ObjectMapper json = new ObjectMapper();
  private final ClusterPicture picture;
  private final Decider decider;
  private final Explainer explainer;
  private final ExplanationJson explanations = new ExplanationJson();

  Views(ClusterPicture picture, Decider decider, Journal journal) {
    this.picture = picture;
    this.decider = decider;
    this.explainer = new Explainer(picture, decider, journal);
  }

  /** An explanation as JSON; 404 where nothing was ever heard of the pod. */
  Page explain(String namespace, String pod) {
    Explanation explanation = explainer.explain(namespace + "/" + pod);
    boolean unknown = explanation.state() == Explanation.State.UNKNOWN;
    return new Page(unknown ? 404 : 200, explanations.json(explanation).toString());
  }

  /** What is answered. */
  record Page(int status, String body) {}

  /** Our pods that have a node. */
  String placements() {
    ArrayNode list = json.createArrayNode();
    for (Placement placement : decider.placements()) {
      list.addObject()
          .put("pod", placement.pod())
          .put("group", placement.group())
          .put("role", placement.role().label())
          .put("node", placement.node())
          .put("locality", placement.locality())
          .put("reason", placement.reason())
          .put("predictedTransferMillis", millis(placement.predictedTransferMillis() / 1e3));
    }
    return list.toString();
  }

  /** Nodes with their blocks and GPUs, link speeds, and what is wrong with the labels. */
  String topology() {
    Interconnect interconnect = picture.interconnect();
    Map<String, Integer> used = picture.usedGpus();
    ObjectNode root = json.createObjectNode();
    root.put("generation", interconnect.generation());
    ObjectNode links = root.putObject("links");
    for (Level level : Level.values()) {
      links
          .putObject(level.label())
          .put("bandwidth", interconnect.speeds().link(level).bandwidthGigabytesPerSecond())
          .put("transport", interconnect.speeds().link(level).transport().label());
    }
    ArrayNode nodes = root.putArray("nodes");
    for (NodeFacts facts : interconnect.nodes().values()) {
      ObjectNode node = nodes.addObject();
      node.put("name", facts.name());
      facts.levels().forEach((level, value) -> node.put(level.label(), value));
      node.put("gpus", facts.gpus());
      node.put("used", used.getOrDefault(facts.name(), 0));
      node.put("product", facts.gpuProduct());
      node.put("memoryMebibytes", facts.gpuMemoryMebibytes());
    }
    ArrayNode problems = root.putArray("problems");
    List<String> found = interconnect.problems();
    found.forEach(problems::add);
    return root.toString();
  }

  private static double millis(double seconds) {
    return Math.round(seconds * 1e6) / 1e3;
  }
}
