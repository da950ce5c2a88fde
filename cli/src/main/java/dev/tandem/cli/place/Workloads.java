package dev.tandem.cli.place;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.wire.PodReader;
import dev.tandem.webhook.inject.YamlDocuments;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods a YAML file of any number of documents would become: pods themselves, and the replicas
 * of Deployments, StatefulSets, ReplicaSets and Jobs. Other kinds are passed over.
 */
final class Workloads {
  /** More pods than any cluster here runs; a slip in {@code replicas} must not fill the memory. */
  private static final int MOST_PODS = 100_000;

  private static final String MODEL_FLAG = "--model";
  private static final String SERVED_FLAG = "--served-model-name";

  private final PodReader reader = new PodReader(GpuResources.of("nvidia.com/gpu"));

  /**
   * The pods, in the order of the file.
   *
   * @throws IllegalArgumentException if it is not YAML or a pod has a field of the wrong type
   */
  List<PodFacts> pods(String text) {
    List<PodFacts> pods = new ArrayList<>();
    try {
      YamlDocuments.read(text).forEach(document -> add(document, pods));
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return pods;
  }

  private void add(JsonNode document, List<PodFacts> pods) {
    String kind = document.path("kind").asText();
    switch (kind) {
      case "Pod" ->
          pods.add(facts(document, document.path("metadata").path("name").asText(), document));
      case "Deployment", "StatefulSet", "ReplicaSet" ->
          replicas(document, document.path("spec").path("replicas").asInt(1), pods);
      case "Job" -> replicas(document, document.path("spec").path("parallelism").asInt(1), pods);
      case "List" -> document.path("items").forEach(item -> add(item, pods));
      default -> {} // Services and the like become no pods
    }
  }

  private void replicas(JsonNode workload, int count, List<PodFacts> pods) {
    String name = workload.path("metadata").path("name").asText();
    if (count < 0 || pods.size() + count > MOST_PODS) {
      throw new IllegalArgumentException(
          "replicas of "
              + name
              + ": "
              + count
              + "; accepted: at most "
              + MOST_PODS
              + " pods in all");
    }
    for (int i = 0; i < count; i++) {
      pods.add(facts(workload.path("spec").path("template"), name + "-" + i, workload));
    }
  }

  private PodFacts facts(JsonNode template, String name, JsonNode owner) {
    if (!template.isObject()) {
      throw new IllegalArgumentException(name + ": no pod template");
    }
    ObjectNode pod = template.deepCopy();
    ObjectNode metadata = object(pod, "metadata", name);
    metadata.put("name", name);
    metadata.put("namespace", owner.path("metadata").path("namespace").asText("default"));
    ObjectNode annotations = object(metadata, "annotations", name);
    String model = model(pod);
    if (!annotations.has(Keys.MODEL) && !model.isEmpty()) {
      annotations.put(Keys.MODEL, model);
    }
    try {
      return reader.facts(pod);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  private static ObjectNode object(ObjectNode parent, String key, String name) {
    JsonNode value = parent.path(key);
    if (value.isObject()) {
      return (ObjectNode) value;
    }
    if (!value.isMissingNode() && !value.isNull()) {
      throw new IllegalArgumentException(
          name + ": " + key + " is " + value.getNodeType() + "; accepted: an object");
    }
    return parent.putObject(key);
  }

  /** The served name, else the model, off vLLM's arguments, as the webhook would read it. */
  private static String model(JsonNode pod) {
    String model = "";
    for (JsonNode container : pod.path("spec").path("containers")) {
      List<String> words = new ArrayList<>();
      container.path("command").forEach(word -> words.add(word.asText()));
      container.path("args").forEach(word -> words.add(word.asText()));
      String served = flag(words, SERVED_FLAG);
      model = served.isEmpty() ? (model.isEmpty() ? flag(words, MODEL_FLAG) : model) : served;
    }
    return model;
  }

  private static String flag(List<String> words, String flag) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).startsWith(flag + "=")) {
        return words.get(i).substring(flag.length() + 1);
      }
      if (words.get(i).equals(flag) && i + 1 < words.size()) {
        return words.get(i + 1);
      }
    }
    return "";
  }
}
