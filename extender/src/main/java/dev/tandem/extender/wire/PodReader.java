package dev.tandem.extender.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.extender.decide.Annotations;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.extender.decide.LeaderWorkerSets;
import dev.tandem.extender.decide.PodFacts;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the few fields of a v1 Pod that placement needs; unknown fields are passed over. */
public final class PodReader {
  /** Of kube-scheduler 1.36 and of 1.35: the pod is scheduled with others of its group. */
  private static final List<String> POD_GROUP = List.of("schedulingGroup", "workloadRef");

  private static final String CLAIMS =
      "its devices are claimed through DRA: kube-scheduler picks them, and those that are free are"
          + " not counted here";

  private final GpuResources resources;

  /**
   * @param resources what counts GPUs
   */
  public PodReader(GpuResources resources) {
    this.resources = resources;
  }

  /**
   * The facts of a pod, also of one not created yet: without a UID it goes by its name.
   *
   * @throws IllegalArgumentException if a field has the wrong type; the message names it
   */
  public PodFacts facts(JsonNode pod) {
    try {
      return read(pod);
    } catch (WrongShape e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  PodFacts read(JsonNode pod) throws WrongShape {
    if (!pod.isObject()) {
      throw WrongShape.of("Pod", pod, "a v1 Pod");
    }
    JsonNode metadata = pod.path("metadata");
    String name = text(metadata, "metadata.name", "name");
    if (name.isEmpty()) {
      throw new WrongShape("Pod.metadata.name is missing; accepted: a string");
    }
    String namespace = text(metadata, "metadata.namespace", "namespace");
    String uid = text(metadata, "metadata.uid", "uid");
    JsonNode spec = pod.path("spec");
    String node = text(spec, "spec.nodeName", "nodeName");
    String phase = text(pod.path("status"), "status.phase", "phase");
    Map<String, String> annotations = strings(metadata, "metadata.annotations", "annotations");
    Map<String, String> labels = strings(metadata, "metadata.labels", "labels");
    GpuResources.Count gpus = gpus(spec);
    return new PodFacts(
        uid.isEmpty() ? namespace + "/" + name : uid,
        namespace,
        name,
        node.isEmpty() ? null : node,
        !phase.equals("Succeeded") && !phase.equals("Failed"),
        metadata.hasNonNull("deletionTimestamp"),
        millis(text(metadata, "metadata.creationTimestamp", "creationTimestamp")),
        gpus.gpus(),
        resources.marked(strings(spec, "spec.nodeSelector", "nodeSelector"), gpus),
        spec.path("priority").asInt(0),
        LeaderWorkerSets.engine(annotations, labels),
        POD_GROUP.stream().anyMatch(spec::hasNonNull),
        ask(annotations, labels, spec, gpus));
  }

  private PodFacts.@Nullable Ask ask(
      Map<String, String> annotations,
      Map<String, String> labels,
      JsonNode spec,
      GpuResources.Count gpus) {
    PodFacts.Ask ask = Annotations.read(annotations, labels);
    boolean claims = gpus.gpus() == 0 && !spec.path("resourceClaims").isEmpty();
    return ask == null || !claims ? ask : ask.noting(CLAIMS);
  }

  private GpuResources.Count gpus(JsonNode spec) throws WrongShape {
    for (String resource : resources.names()) {
      int gpus = gpus(spec, resource);
      if (gpus > 0) {
        return new GpuResources.Count(resource, gpus);
      }
    }
    return new GpuResources.Count(resources.names().getFirst(), 0);
  }

  private static int gpus(JsonNode spec, String resource) throws WrongShape {
    long together = 0;
    for (JsonNode container : list(spec, "spec.containers", "containers")) {
      together += of(container, resource);
    }
    int alone = 0;
    for (JsonNode container : list(spec, "spec.initContainers", "initContainers")) {
      if (container.path("restartPolicy").asText().equals("Always")) {
        together += of(container, resource);
      } else {
        alone = Math.max(alone, of(container, resource));
      }
    }
    return (int) Math.min(Math.max(together, alone), Integer.MAX_VALUE);
  }

  private static int of(JsonNode container, String gpuResource) throws WrongShape {
    JsonNode resources = container.path("resources");
    JsonNode limit = resources.path("limits").path(gpuResource);
    JsonNode amount = limit.isMissingNode() ? resources.path("requests").path(gpuResource) : limit;
    if (amount.isMissingNode() || amount.isNull()) {
      return 0;
    }
    try {
      return new BigDecimal(amount.asText().strip()).intValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw WrongShape.of("resources of " + gpuResource, amount, "a whole number");
    }
  }

  private static JsonNode list(JsonNode object, String path, String key) throws WrongShape {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isArray()) {
      throw WrongShape.of("Pod." + path, value, "a list");
    }
    return value;
  }

  private static String text(JsonNode object, String path, String key) throws WrongShape {
    JsonNode value = object.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return "";
    }
    if (!value.isTextual()) {
      throw WrongShape.of("Pod." + path, value, "a string");
    }
    return value.textValue();
  }

  private static Map<String, String> strings(JsonNode object, String path, String key)
      throws WrongShape {
    JsonNode value = object.path(key);
    Map<String, String> map = new HashMap<>();
    if (value.isMissingNode() || value.isNull()) {
      return map;
    }
    if (!value.isObject()) {
      throw WrongShape.of("Pod." + path, value, "a map of strings");
    }
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (!entry.getValue().isTextual()) {
        throw WrongShape.of("Pod." + path + "." + entry.getKey(), entry.getValue(), "a string");
      }
      map.put(entry.getKey(), entry.getValue().textValue());
    }
    return map;
  }

  private static long millis(String timestamp) {
    try {
      return timestamp.isEmpty() ? 0 : Instant.parse(timestamp).toEpochMilli();
    } catch (DateTimeParseException e) {
      return 0;
    }
  }
}
