package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What of a user's pod is no longer there after an injection, but for what we say we change. Knows
 * nothing of rules or patches: it walks the two trees.
 */
public final class UserFields {

  /** Annotations that are ours, whoever wrote them. */
  private static final Set<String> OURS =
      Set.of(Keys.INJECTED, Keys.LOCALITY, Keys.PORT_DISCOVERY, Keys.MODEL);

  /** The values docs/annotations.md says we replace; everything else has to be as it was. */
  private static final Pattern REPLACED =
      Pattern.compile(
          "/spec/(schedulerName|enableServiceLinks|terminationGracePeriodSeconds|serviceAccountName)"
              // vLLM moves to another port: its entry and its probes.
              + "|/spec/containers/[^/]*/ports/[^/]*/(name|containerPort|hostPort)"
              + "|/spec/containers/[^/]*/(liveness|readiness|startup)Probe/(httpGet|tcpSocket|grpc)/port"
              + "|/spec/containers/[^/]*/(liveness|readiness|startup)Probe/(failureThreshold|periodSeconds)"
              + "|/spec/containers/[^/]*/lifecycle/(preStop|postStart)/(httpGet|tcpSocket)/port"
              + "|/metadata/labels/production-stack.vllm.ai~1(group|role|pool|compatibility)");

  /** vLLM's port moves with the router in front of it. */
  private static final Pattern PORT = Pattern.compile("--port[= ][^ ]*");

  private static final Pattern WORDS = Pattern.compile("/spec/containers/[^/]*/(args|command)");

  private UserFields() {}

  /** Paths that were in {@code before} and are gone or another in {@code after}. */
  public static List<String> lost(JsonNode before, JsonNode after) {
    return lost("", before, after);
  }

  private static List<String> lost(String path, JsonNode before, JsonNode after) {
    // Null and empty mean unset in Kubernetes.
    if (before.equals(after) || isUnset(before) || REPLACED.matcher(path).matches()) {
      return List.of();
    }
    if (before instanceof ObjectNode object && after instanceof ObjectNode) {
      List<String> lost = new ArrayList<>();
      object
          .properties()
          .forEach(field -> {
            if (!path.equals("/metadata/annotations") || !OURS.contains(field.getKey())) {
              String child = path + "/" + escaped(field.getKey());
              lost.addAll(lost(child, field.getValue(), after.path(field.getKey())));
            }
          });
      return lost;
    }
    if (before instanceof ArrayNode from && after instanceof ArrayNode to) {
      return named(from) && named(to) && !path.endsWith("/ports")
          ? lostByName(path, from, to)
          : lostInOrder(path, from, to);
    }
    return List.of(path + ": " + brief(before) + " -> " + brief(after));
  }

  private static List<String> lostByName(String path, ArrayNode before, ArrayNode after) {
    Map<String, JsonNode> now = new HashMap<>();
    after.forEach(element -> now.put(element.path("name").asText(), element));
    List<String> lost = new ArrayList<>();
    for (JsonNode element : before) {
      String child = path + "/" + escaped(element.path("name").asText());
      JsonNode same = now.get(element.path("name").asText());
      lost.addAll(same == null ? List.of(child) : lost(child, element, same));
    }
    return lost;
  }

  /** Each element is followed by the next one; new ones may stand between them. */
  private static List<String> lostInOrder(String path, ArrayNode before, ArrayNode after) {
    boolean words = WORDS.matcher(path).matches();
    int at = 0;
    for (int i = 0; i < before.size(); i++) {
      boolean port = words && i > 0 && before.get(i - 1).asText().equals("--port");
      JsonNode element = before.get(i);
      while (at < after.size()
          && !(port && after.get(at).asText().matches("[0-9]+"))
          && !(words
              ? sameButPort(element, after.get(at))
              : lost(path + "/-", element, after.get(at)).isEmpty())) {
        at++;
      }
      if (at++ >= after.size()) {
        return List.of(path + "/" + i + ": " + brief(element) + " of " + brief(after));
      }
    }
    return List.of();
  }

  /** The word as it was but for its port, or a script to which words were added at the end. */
  private static boolean sameButPort(JsonNode word, JsonNode later) {
    String then = PORT.matcher(word.asText().strip()).replaceAll("--port=N");
    String now = PORT.matcher(later.asText().strip()).replaceAll("--port=N");
    return word.equals(later)
        || then.equals(now)
        || (then.contains("vllm") && now.startsWith(then));
  }

  private static boolean named(ArrayNode list) {
    Set<String> names = new HashSet<>();
    for (JsonNode element : list) {
      if (!element.path("name").isTextual() || !names.add(element.path("name").textValue())) {
        return false;
      }
    }
    return !list.isEmpty();
  }

  private static boolean isUnset(JsonNode node) {
    return node.isNull()
        || (node.isContainerNode() && node.isEmpty())
        || (node.isTextual() && node.textValue().isEmpty());
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private static String brief(JsonNode node) {
    String text = node.toString();
    return text.length() <= 100 ? text : text.substring(0, 100) + "...";
  }
}
