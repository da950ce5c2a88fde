package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the router's container asks of its node.
 *
 * @param requests by resource name
 * @param limits by resource name, none below its request
 */
public record SidecarResources(
    SortedMap<String, Quantity> requests, SortedMap<String, Quantity> limits) {

  /**
   * A router idles under 128 MiB (docs/benchmarks/router.md) and needs its limit for prompts in
   * flight; one core is what one event loop can use. Other admission plugins (LimitRanger) do not
   * run again after us, so a container without these could be refused by a quota.
   */
  public static final SidecarResources DEFAULT =
      new SidecarResources(
          new TreeMap<>(Map.of("cpu", Quantity.of("100m"), "memory", Quantity.of("128Mi"))),
          new TreeMap<>(Map.of("cpu", Quantity.of("1"), "memory", Quantity.of("256Mi"))));

  private static final Set<String> LISTS = Set.of("requests", "limits");
  private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

  private static final String FORM =
      "accepted is JSON such as"
          + " {\"requests\":{\"cpu\":\"200m\"},\"limits\":{\"memory\":\"512Mi\"}}";

  public SidecarResources {
    requests = new TreeMap<>(requests);
    limits = new TreeMap<>(limits);
    for (Map.Entry<String, Quantity> limit : limits.entrySet()) {
      Quantity request = requests.get(limit.getKey());
      if (request != null && request.compareTo(limit.getValue()) > 0) {
        throw new IllegalArgumentException(
            "%s: request %s is above limit %s"
                .formatted(limit.getKey(), request.text(), limit.getValue().text()));
      }
    }
  }

  /**
   * As {@link #with(Map, Map)}, from JSON of the form of a container's {@code resources}.
   *
   * @throws IllegalArgumentException where it is no such JSON, which the message shows
   */
  SidecarResources with(@Nullable JsonNode json) {
    if (json == null
        || !json.isObject()
        || !json.propertyStream()
            .allMatch(list -> LISTS.contains(list.getKey()) && list.getValue().isObject())) {
      throw new IllegalArgumentException(FORM);
    }
    try {
      return with(quantities(json.path("requests")), quantities(json.path("limits")));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + "; " + FORM, e);
    }
  }

  private static Map<String, Quantity> quantities(JsonNode json) {
    Map<String, Quantity> quantities = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      Quantity quantity = Quantity.parse(field.getValue().asText());
      if (quantity == null) {
        throw new IllegalArgumentException(
            "%s: %s is no quantity".formatted(field.getKey(), field.getValue()));
      }
      if (!RESOURCES.contains(field.getKey())) {
        throw new IllegalArgumentException(
            field.getKey() + ": the router uses cpu, memory and ephemeral-storage only");
      }
      quantities.put(field.getKey(), quantity);
    }
    return quantities;
  }

  /**
   * These resources with the user's laid over them. A default gives way to the user's value: a
   * default limit rises to a larger request, a default request falls to a smaller limit.
   *
   * @throws IllegalArgumentException where the user's own request is above the user's own limit
   */
  public SidecarResources with(Map<String, Quantity> requested, Map<String, Quantity> limited) {
    SortedMap<String, Quantity> newRequests = new TreeMap<>(requests);
    SortedMap<String, Quantity> newLimits = new TreeMap<>(limits);
    newRequests.putAll(requested);
    newLimits.putAll(limited);
    requested.forEach((name, request) -> {
      if (!limited.containsKey(name)) {
        newLimits.computeIfPresent(name, (n, limit) -> max(limit, request));
      }
    });
    limited.forEach((name, limit) -> {
      if (!requested.containsKey(name)) {
        newRequests.computeIfPresent(name, (n, request) -> min(request, limit));
      }
    });
    return new SidecarResources(newRequests, newLimits);
  }

  private static Quantity max(Quantity a, Quantity b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  private static Quantity min(Quantity a, Quantity b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
