package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Puts the prefill engine's count of cached tokens where the caller reads it. A decode engine
 * counts the transferred cache as cached, which would tell the caller that every prompt was a hit.
 * Stateless.
 */
public final class CachedTokens {

  private CachedTokens() {}

  /**
   * Rewrites {@code usage.prompt_tokens_details.cached_tokens} of an answer or of one event's JSON,
   * and drops transfer parameters, which name internal addresses.
   *
   * @return the rewritten bytes, or the given ones where there is nothing to rewrite
   */
  public static byte[] rewrite(byte[] json, long cachedTokens) {
    JsonNode tree;
    try {
      tree = Json.read(json);
    } catch (IOException e) {
      return json;
    }
    if (!(tree instanceof ObjectNode answer)) {
      return json;
    }
    boolean changed = answer.hasNonNull("kv_transfer_params");
    if (changed) {
      answer.putNull("kv_transfer_params");
    }
    if (cachedTokens >= 0 && answer.get("usage") instanceof ObjectNode usage) {
      if (usage.get("prompt_tokens_details") instanceof ObjectNode details) {
        details.put("cached_tokens", cachedTokens);
      } else {
        usage.set("prompt_tokens_details", usage.objectNode().put("cached_tokens", cachedTokens));
      }
      changed = true;
    }
    return changed ? Json.bytes(tree) : json;
  }
}
