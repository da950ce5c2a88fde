package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;

/**
 * Tells endpoint pickers where the pod serves, in the form proposed to the Gateway API inference
 * extension. A list the user wrote stays.
 */
final class PortDiscovery implements Rule {

  @Override
  public String name() {
    return "port-discovery";
  }

  @Override
  public String condition() {
    return "annotation absent";
  }

  @Override
  public String reason() {
    return "endpoint pickers read from it where a pod's engines are";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.annotations().has(Keys.PORT_DISCOVERY)) {
      return;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    Plan plan = draft.plan();
    String role = plan.wishes().role().label();
    if (plan.endpoints().isEmpty()) {
      add(list, plan.pool(), plan.ports().serving()).put("role", role);
    }
    for (VirtualEndpoint endpoint : plan.endpoints()) {
      String pool = endpoint.pool() == null ? plan.pool() : endpoint.pool();
      ObjectNode attributes = add(list, pool, endpoint.number());
      endpoint.attributes().forEach(attributes::put);
      if (!attributes.has("role")) {
        attributes.put("role", role);
      }
    }
    draft.annotations().put(Keys.PORT_DISCOVERY, list.toString());
    draft.did(this, Keys.PORT_DISCOVERY + ": " + list);
  }

  private static ObjectNode add(ArrayNode list, String pool, int number) {
    ObjectNode entry = list.addObject();
    entry.put("inferencePool", pool);
    entry.put("number", number);
    return entry.putObject("attributes");
  }
}
