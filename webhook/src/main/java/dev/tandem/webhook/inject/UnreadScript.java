package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.Wishes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A pod whose script cannot be edited safely and that wants no router: nothing in the script has to
 * be understood to place the pod and to complete its environment. What its command line would have
 * told, its author says: scripts that compute their ranks (llm-d/llm-d guides/wide-ep-lws) or probe
 * the network first (kserve/kserve config/llmisvcconfig) come with a proxy of their own.
 */
final class UnreadScript {

  private UnreadScript() {}

  /** Those an annotation names; else the one whose port the author says, which he then has to. */
  static List<VirtualEndpoint> endpoints(
      List<VirtualEndpoint> named, Wishes wishes, List<Problem> problems) {
    if (wishes.model() == null) {
      problems.add(
          new Problem(
              Keys.MODEL, "", "the script is not read: accepted is the served model's name"));
    }
    if (!named.isEmpty()) {
      return named;
    }
    Integer port = wishes.port();
    if (port == null) {
      problems.add(
          new Problem(
              Keys.PORT, "", "the script is not read: accepted is the port vLLM listens on"));
      return List.of();
    }
    return List.of(new VirtualEndpoint(null, port, Map.of()));
  }

  static List<String> warnings(String obstacle, Wishes wishes) {
    List<String> warnings = new ArrayList<>();
    warnings.add("nothing is added to vLLM's arguments: " + obstacle);
    if (KvTransferConfig.wanted(wishes)) {
      warnings.add(KvTransferConfig.FLAG + " has to be in the script, which is not read");
    }
    if (wishes.speculative() != null) {
      warnings.add("annotation speculative is not used: the script is not read");
    }
    return warnings;
  }
}
