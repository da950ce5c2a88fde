package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.util.List;

/**
 * The two volumes of the router.
 *
 * <p>The locality comes through a downward volume and not the environment, because a variable would
 * miss a later correction. The token is in the volume that the API server has given the pod before
 * it asks a webhook: a second one would say the same again. A pod that switched the mounting of its
 * service account off, and a template, which has no such volume yet, get one of the router's own,
 * by which it finds its peers.
 */
final class SidecarVolumes {

  static final String LOCALITY = "tandem-locality";
  static final String TOKEN = "tandem-token";

  /**
   * How the names of the API server's volumes begin (plugin/pkg/admission/serviceaccount of
   * Kubernetes 1.36).
   */
  private static final String GIVEN = "kube-api-access-";

  private static final String LOCALITY_PATH = "/etc/tandem/locality";
  static final String LOCALITY_FILE = LOCALITY_PATH + "/locality";
  private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** What the kubelet uses for the token it mounts by itself. */
  private static final int TOKEN_SECONDS = 3607;

  /** 0644: readable for any user. */
  private static final int FILE_MODE = 420;

  private SidecarVolumes() {}

  static void mountIn(ObjectNode container, JsonNode pod) {
    ArrayNode mounts = container.putArray("volumeMounts");
    mounts.addObject().put("name", LOCALITY).put("mountPath", LOCALITY_PATH).put("readOnly", true);
    mounts.addObject().put("name", tokenIn(pod)).put("mountPath", TOKEN_PATH).put("readOnly", true);
  }

  static void addTo(Draft draft) {
    ArrayNode volumes = draft.spec().withArrayProperty("volumes");
    for (String name : added(draft.pod())) {
      if (!has(volumes, name)) {
        volumes.add(name.equals(TOKEN) ? token(volumes) : locality(volumes));
      }
    }
  }

  /** Names of the volumes that a pod gets from us. */
  static List<String> added(JsonNode pod) {
    return tokenIn(pod).equals(TOKEN) ? List.of(LOCALITY, TOKEN) : List.of(LOCALITY);
  }

  /**
   * The router's container without what the API server made up for this one pod, so that all pods
   * of a template have the same.
   */
  static JsonNode unnamed(JsonNode router) {
    JsonNode copy = router.deepCopy();
    for (JsonNode mount : copy.path("volumeMounts")) {
      if (mount instanceof ObjectNode token && mount.path("name").asText().startsWith(GIVEN)) {
        token.put("name", TOKEN);
      }
    }
    return copy;
  }

  /** Name of the volume with the token: the API server's, or ours. */
  private static String tokenIn(JsonNode pod) {
    for (JsonNode volume : pod.path("spec").path("volumes")) {
      String name = volume.path("name").asText();
      if (name.startsWith(GIVEN) && asGiven(volume.path("projected"))) {
        return name;
      }
    }
    return TOKEN;
  }

  /** Whether it holds what the router reads where it reads it; a user may have any such name. */
  private static boolean asGiven(JsonNode projected) {
    boolean token = false;
    boolean authority = false;
    for (JsonNode source : projected.path("sources")) {
      JsonNode account = source.path("serviceAccountToken");
      token |= account.path("path").asText().equals("token") && !account.has("audience");
      for (JsonNode item : source.path("configMap").path("items")) {
        authority |= item.path("path").asText().equals("ca.crt");
      }
    }
    return token && authority && projected.path("defaultMode").asInt(FILE_MODE) == FILE_MODE;
  }

  private static ObjectNode locality(ArrayNode factory) {
    ObjectNode volume = factory.objectNode().put("name", LOCALITY);
    ObjectNode item =
        volume.putObject("downwardAPI").putArray("items").addObject().put("path", "locality");
    item.putObject("fieldRef").put("fieldPath", "metadata.annotations['" + Keys.LOCALITY + "']");
    return volume;
  }

  private static ObjectNode token(ArrayNode factory) {
    ObjectNode volume = factory.objectNode().put("name", TOKEN);
    ArrayNode sources = volume.putObject("projected").putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", TOKEN_SECONDS)
        .put("path", "token");
    ObjectNode authority = sources.addObject().putObject("configMap");
    authority.put("name", "kube-root-ca.crt");
    authority.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    return volume;
  }

  private static boolean has(ArrayNode volumes, String name) {
    for (JsonNode volume : volumes) {
      if (volume.path("name").asText().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
