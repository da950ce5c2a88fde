package dev.tandem.controller.reconcile;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import dev.tandem.controller.desired.BoundPod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;

/**
 * Writes the locality of one pod, nothing else of it, under a field manager of its own. Blocking.
 *
 * <p>The patch carries the pod's UID, so a pod of the same name that came meanwhile is not given
 * the place of the one before.
 */
final class PodStamp {

  /** Who the API server notes as the owner of the field. */
  static final String FIELD_MANAGER = "tandem-controller";

  private final KubernetesClient client;

  PodStamp(KubernetesClient client) {
    this.client = client;
  }

  /**
   * Writes it.
   *
   * @return whether it was written; false where the pod is gone
   * @throws KubernetesClientException where the API server refuses or does not answer
   */
  boolean write(BoundPod pod, LocalityPath path) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    ObjectNode metadata = patch.putObject("metadata");
    metadata.put("uid", pod.uid());
    metadata.putObject("annotations").put(Keys.LOCALITY, path.toString());
    PatchContext context =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withFieldManager(FIELD_MANAGER)
            .build();
    try {
      client
          .pods()
          .inNamespace(pod.namespace())
          .withName(pod.name())
          .patch(context, patch.toString());
      return true;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
          || e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return false;
      }
      throw e;
    }
  }
}
