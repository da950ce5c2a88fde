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
  public void apply(Draft draft) {
    if (draft.annotations().has(Keys.PORT_DISCOVERY)) {
      return;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    ObjectNode entry = list.addObject();
    entry.put("inferencePool", draft.plan().pool());
    entry.put("number", draft.plan().ports().serving());
    entry.putObject("attributes").put("role", draft.plan().wishes().role().label());
    draft.annotations().put(Keys.PORT_DISCOVERY, list.toString());
    draft.did(this, Keys.PORT_DISCOVERY + ": " + list);
  }
}
