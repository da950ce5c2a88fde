package dev.tandem.webhook.inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Says what was injected: our version, a hash of what went in, the names, and who listens where.
 * With it a pod can be told from one injected by another version, and be taken back: it holds the
 * steps that do so.
 */
final class InjectedMarker implements Rule {

  /** Field of the marker with the steps that take the injection back. */
  static final String UNDO = "undo";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Hex digits of SHA-256 kept: enough to tell templates apart. */
  private static final int HASH_DIGITS = 16;

  @Override
  public String name() {
    return "injected-marker";
  }

  @Override
  public String condition() {
    return "always";
  }

  @Override
  public String reason() {
    return "a pod could not be told from one injected by another version, nor be taken back";
  }

  @Override
  public void apply(Draft draft) {
    Plan plan = draft.plan();
    draft.template(templateOf(draft));
    ObjectNode marker = JsonNodeFactory.instance.objectNode();
    marker.put("version", draft.config().version());
    marker.put("template", draft.template());
    marker.put("engine", plan.engineName());
    ArrayNode containers = marker.putArray("containers");
    ArrayNode volumes = marker.putArray("volumes");
    ObjectNode ports = marker.putObject("ports");
    ports.put("original", plan.ports().original());
    ports.put("serving", plan.ports().serving());
    ports.put("engine", plan.ports().engine());
    if (plan.withRouter()) {
      containers.add(RouterSidecar.NAME);
      SidecarVolumes.added(draft.pod()).forEach(volumes::add);
      ports.put("peer", plan.ports().peer());
    }
    if (draft.annotations().has(Keys.INJECTED) && draft.changes().isEmpty()) {
      return;
    }
    marker.set(UNDO, undo(draft).json());
    draft.annotations().put(Keys.INJECTED, marker.toString());
    draft.did(this, Keys.INJECTED);
  }

  /** What turns the injected pod, without this marker, back into the one that came. */
  private static Undo undo(Draft draft) {
    return Undo.between(unmarked(draft.pod()), unmarked(draft.original()));
  }

  private static ObjectNode unmarked(ObjectNode pod) {
    if (!pod.path("metadata").path("annotations").has(Keys.INJECTED)) {
      return pod;
    }
    ObjectNode copy = pod.deepCopy();
    copy.withObjectProperty("metadata").withObjectProperty("annotations").remove(Keys.INJECTED);
    return copy;
  }

  /** Whether the pod carries a marker of ours that says a router was put in. */
  static boolean namesRouter(JsonNode pod) {
    JsonNode marker = pod.path("metadata").path("annotations").path(Keys.INJECTED);
    if (!marker.isTextual()) {
      return false;
    }
    try {
      for (JsonNode container : JSON.readTree(marker.textValue()).path("containers")) {
        if (container.asText().equals(RouterSidecar.NAME)) {
          return true;
        }
      }
      return false;
    } catch (JsonProcessingException e) {
      return false; // a user wrote it
    }
  }

  /** Hash of the router's container as it was put in, but for the name of the token's volume. */
  private static String templateOf(Draft draft) {
    JsonNode router = RouterSidecar.in(draft.pod());
    JsonNode template = router == null ? draft.pod().nullNode() : SidecarVolumes.unnamed(router);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(template.toString().getBytes(StandardCharsets.UTF_8));
      return "sha256:" + HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
