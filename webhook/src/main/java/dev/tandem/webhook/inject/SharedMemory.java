package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tandem.webhook.annotations.Quantity;

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
    Plan plan = draft.plan();
    int workers = plan.tensorParallel() * plan.pipelineParallel() * plan.ports().ranks();
    if (workers < 2 || plan.keeps("shm") || mounted(draft)) {
      return;
    }
    draft
        .spec()
        .withArrayProperty("volumes")
        .addObject()
        .put("name", VOLUME)
        .putObject("emptyDir")
        .put("medium", "Memory")
        .put("sizeLimit", size(draft));
    ArrayNode mounts = draft.engine().withArrayProperty("volumeMounts");
    mounts.addObject().put("name", VOLUME).put("mountPath", PATH);
    draft.did(this, PATH + " of " + size(draft));
  }

  private static boolean mounted(Draft draft) {
    for (JsonNode mount : draft.engine().path("volumeMounts")) {
      if (mount.path("mountPath").asText().replaceAll("/+$", "").equals(PATH)) {
        return true;
      }
    }
    for (JsonNode volume : draft.spec().path("volumes")) {
      if (volume.path("name").asText().equals(VOLUME)) {
        return true;
      }
    }
    return false;
  }

  private static String size(Draft draft) {
    Quantity limit =
        Quantity.parse(draft.engine().path("resources").path("limits").path("memory").asText());
    boolean roomy = limit == null || limit.amount().longValue() >= 32L << 30;
    return roomy ? "8Gi" : "2Gi";
  }
}
