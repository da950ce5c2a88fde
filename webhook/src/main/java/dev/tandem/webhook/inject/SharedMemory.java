package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.webhook.annotations.Quantity;
import java.util.List;

/**
 * Room for the workers of one engine to share memory: a container has 64 MiB at /dev/shm, on which
 * NCCL crashes (vllm docs/deployment/k8s.md asks for 2 GiB or more). What is used of it counts
 * towards the container's memory limit, so a small limit gets the small size.
 */
final class SharedMemory implements Rule {

  static final String VOLUME = "tandem-shm";
  private static final String PATH = "/dev/shm";

  @Override
  public String name() {
    return "shared-memory";
  }

  @Override
  public String condition() {
    return "tensor x pipeline x data parallel above 1, nothing mounted at /dev/shm; `keep: shm`";
  }

  @Override
  public String reason() {
    return "NCCL crashes in the 64 MiB a container has by default";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.plan().keeps("shm")) {
      return;
    }
    List<ObjectNode> engines = draft.engines();
    for (int i = 0; i < engines.size(); i++) {
      String volume = i == 0 ? VOLUME : VOLUME + "-" + i;
      if (workers(engines.get(i), draft.plan()) > 1
          && !has(engines.get(i).path("volumeMounts"), "mountPath", PATH)
          && !has(draft.spec().path("volumes"), "name", volume)) {
        mount(engines.get(i), volume, draft);
      }
    }
  }

  /** Processes of one engine; of several engines each has a command line of its own. */
  private static int workers(ObjectNode engine, Plan plan) {
    if (plan.completesArguments()) {
      return plan.tensorParallel() * plan.pipelineParallel() * plan.ports().ranks();
    }
    CommandLine line = new CommandLine(engine);
    return line.number(1, "--tensor-parallel-size", "-tp")
        * line.number(1, "--pipeline-parallel-size", "-pp");
  }

  private void mount(ObjectNode engine, String volume, Draft draft) {
    draft
        .spec()
        .withArrayProperty("volumes")
        .addObject()
        .put("name", volume)
        .putObject("emptyDir")
        .put("medium", "Memory")
        .put("sizeLimit", size(engine));
    ArrayNode mounts = engine.withArrayProperty("volumeMounts");
    mounts.addObject().put("name", volume).put("mountPath", PATH);
    draft.did(this, PATH + " of " + size(engine));
  }

  private static boolean has(JsonNode list, String field, String value) {
    for (JsonNode one : list) {
      if (one.path(field).asText().replaceAll("(?<!^)/+$", "").equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static String size(ObjectNode engine) {
    Quantity limit =
        Quantity.parse(engine.path("resources").path("limits").path("memory").asText());
    boolean roomy = limit == null || limit.amount().longValue() >= 32L << 30;
    return roomy ? "8Gi" : "2Gi";
  }
}
