package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The user the router runs as. OpenShift gives each namespace a range of its own and refuses every
 * other number (annotation {@code openshift.io/sa.scc.uid-range} of the namespace); its admission
 * comes before webhooks, and writes the constraint it chose and a user of the range into the pod.
 *
 * @param uid of the installation; null: the cluster or the image decides
 */
public record SidecarUser(@Nullable Long uid) {

  /** An unprivileged user that exists in no image, as distroless images use. */
  public static final SidecarUser DEFAULT = new SidecarUser(65_532L);

  /** Written by OpenShift's admission: the name of the security context constraint of the pod. */
  private static final String CHOSEN_CONSTRAINT = "openshift.io/scc";

  private static final String NONE = "none";
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,9}");

  public SidecarUser {
    if (uid != null && (uid < 1 || uid > Integer.MAX_VALUE)) {
      throw refused(uid.toString());
    }
  }

  /**
   * Reads {@code none} or a number.
   *
   * @throws IllegalArgumentException for anything else, and for root
   */
  public static SidecarUser parse(String text) {
    if (text.equals(NONE)) {
      return new SidecarUser(null);
    }
    if (!NUMBER.matcher(text).matches()) {
      throw refused(text);
    }
    return new SidecarUser(Long.valueOf(text));
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "sidecar user: \"%s\": accepted are 1 to %d, and none".formatted(text, Integer.MAX_VALUE));
  }

  /**
   * Writes it: vLLM's user where OpenShift gave the pod one, for what it allows vLLM it allows the
   * router.
   */
  void writeTo(ObjectNode security, JsonNode pod, JsonNode engine) {
    security.put("runAsNonRoot", true);
    Long given = givenByOpenShift(pod, engine);
    if (given != null) {
      security.put("runAsUser", given);
    } else if (uid != null) {
      security.put("runAsUser", uid).put("runAsGroup", uid);
    }
  }

  private static @Nullable Long givenByOpenShift(JsonNode pod, JsonNode engine) {
    if (!pod.path("metadata").path("annotations").has(CHOSEN_CONSTRAINT)) {
      return null;
    }
    JsonNode ofEngine = engine.path("securityContext").path("runAsUser");
    JsonNode user =
        ofEngine.isIntegralNumber()
            ? ofEngine
            : pod.path("spec").path("securityContext").path("runAsUser");
    // Root is what a constraint allows this pod that restricts no user; the router needs none.
    return user.isIntegralNumber() && user.asLong() > 0 ? user.asLong() : null;
  }
}
