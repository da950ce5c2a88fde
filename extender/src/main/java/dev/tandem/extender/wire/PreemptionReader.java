package dev.tandem.extender.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads {@code ExtenderPreemptionArgs} as Go would: field names in any case, and either whole
 * victims ({@code NodeNameToVictims}) or their UIDs ({@code NodeNameToMetaVictims}), as the
 * extender is registered. Never throws, whatever the body. Immutable.
 *
 * <p>A tree is good enough here: preemption is rare, and its dry run offers a hundred nodes.
 *
 * <p>Source: kubernetes/kube-scheduler extender/v1/types.go.
 */
public final class PreemptionReader {
  private final ObjectMapper json = new ObjectMapper();
  private final PodReader pods;

  public PreemptionReader(PodReader pods) {
    this.pods = pods;
  }

  /** Parses a body. */
  public PreemptionArgs.Parsed read(byte[] body) {
    try {
      return new PreemptionArgs.Valid(args(json.readTree(body)));
    } catch (JsonProcessingException e) {
      return new PreemptionArgs.Invalid(
          "body of "
              + body.length
              + " bytes is not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse(""));
    } catch (IOException e) {
      return new PreemptionArgs.Invalid("body cannot be read: " + e.getMessage());
    } catch (WrongShape e) {
      return new PreemptionArgs.Invalid(String.valueOf(e.getMessage()));
    }
  }

  private PreemptionArgs args(JsonNode body) throws WrongShape {
    if (!body.isObject()) {
      throw new WrongShape("body is not a JSON object of ExtenderPreemptionArgs");
    }
    PodFacts pod = null;
    Map<String, Victims> victims = null;
    for (Map.Entry<String, JsonNode> field : body.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        continue;
      }
      switch (field.getKey().toLowerCase(Locale.ROOT)) {
        case "pod" -> pod = pods.read(value);
        case "nodenametovictims" -> victims = victims(field.getKey(), value, "metadata", "uid");
        case "nodenametometavictims" -> victims = victims(field.getKey(), value, "uid");
        default -> {}
      }
    }
    if (pod == null) {
      throw new WrongShape("Pod is missing; accepted: a v1 Pod");
    }
    if (victims == null) {
      throw new WrongShape(
          "NodeNameToVictims and NodeNameToMetaVictims are both null; accepted: one of them");
    }
    return new PreemptionArgs(pod, victims);
  }

  private static Map<String, Victims> victims(String name, JsonNode byNode, String... uidPath)
      throws WrongShape {
    if (!byNode.isObject()) {
      throw WrongShape.of(name, byNode, "victims by node name");
    }
    Map<String, Victims> victims = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : byNode.properties()) {
      String where = name + "." + entry.getKey();
      List<String> uids = new ArrayList<>();
      for (JsonNode pod : list(where, field(entry.getValue(), "pods"))) {
        JsonNode uid = pod;
        for (String step : uidPath) {
          uid = field(uid, step);
        }
        if (!uid.isTextual()) {
          throw WrongShape.of(where + ".Pods[] UID", uid, "a string");
        }
        uids.add(uid.textValue());
      }
      victims.put(
          entry.getKey(), new Victims(uids, field(entry.getValue(), "numpdbviolations").asLong()));
    }
    return victims;
  }

  private static JsonNode list(String where, JsonNode pods) throws WrongShape {
    if (!pods.isMissingNode() && !pods.isNull() && !pods.isArray()) {
      throw WrongShape.of(where + ".Pods", pods, "a list");
    }
    return pods;
  }

  /** A field by its name in any case. */
  private static JsonNode field(JsonNode object, String lowerCaseName) {
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      if (entry.getKey().toLowerCase(Locale.ROOT).equals(lowerCaseName)) {
        return entry.getValue();
      }
    }
    return object.path(lowerCaseName);
  }
}
