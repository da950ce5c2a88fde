package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.util.List;

/**
 * The two volumes of the router, mounted in it alone.
 *
 * <p>The locality comes through a downward volume and not the environment, because a variable would
 * miss a later correction. The token is the router's own, so that a pod that switched the mounting
 * of its service account off still has a router that finds its peers.
 */
final class SidecarVolumes {

  static final String LOCALITY = "tandem-locality";
  static final String TOKEN = "tandem-token";
  static final List<String> NAMES = List.of(LOCALITY, TOKEN);

  private static final String LOCALITY_PATH = "/etc/tandem/locality";
  static final String LOCALITY_FILE = LOCALITY_PATH + "/locality";
  private static final String TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

  /** What the kubelet uses for the token it mounts by itself. */
  private static final int TOKEN_SECONDS = 3607;

  private SidecarVolumes() {}

  static void mountIn(ObjectNode container) {
    ArrayNode mounts = container.putArray("volumeMounts");
    mounts.addObject().put("name", LOCALITY).put("mountPath", LOCALITY_PATH).put("readOnly", true);
    mounts.addObject().put("name", TOKEN).put("mountPath", TOKEN_PATH).put("readOnly", true);
  }

  static void addTo(Draft draft) {
    ArrayNode volumes = draft.spec().withArrayProperty("volumes");
    for (ObjectNode volume : List.of(locality(volumes), token(volumes))) {
      if (!has(volumes, volume.path("name").asText())) {
        volumes.add(volume);
      }
    }
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
