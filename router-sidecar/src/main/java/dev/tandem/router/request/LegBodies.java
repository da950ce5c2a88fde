package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The bodies of the two legs of vLLM's NIXL exchange: prefill asks for one token and for the cache
 * to be kept, decode is the caller's body plus what prefill answered, forwarded as it came because
 * its fields change between vLLM versions. Stateless.
 */
public final class LegBodies {

  private static final String TRANSFER_PARAMS = "kv_transfer_params";
  private static final List<String> NOT_FOR_PREFILL =
      List.of("stream_options", "min_tokens", "min_completion_tokens");

  private LegBodies() {}

  /** The prefill leg's body for a caller's body, which is not changed. */
  public static byte[] prefill(ObjectNode caller) {
    ObjectNode body = shallowCopy(caller);
    body.put("stream", false);
    body.remove(NOT_FOR_PREFILL);
    body.put("max_tokens", 1);
    if (body.has("max_completion_tokens")) {
      body.put("max_completion_tokens", 1);
    }
    ObjectNode params = body.objectNode();
    params.put("do_remote_decode", true).put("do_remote_prefill", false);
    params.putNull("remote_engine_id").putNull("remote_block_ids");
    params.putNull("remote_host").putNull("remote_port");
    body.set(TRANSFER_PARAMS, params);
    return Json.bytes(body);
  }

  /** The decode leg's body with the parameters the prefill leg answered. */
  public static byte[] decode(ObjectNode caller, JsonNode transferParams) {
    ObjectNode body = shallowCopy(caller);
    body.set(TRANSFER_PARAMS, transferParams);
    return Json.bytes(body);
  }

  /** The caller's body for one engine that does both. */
  public static byte[] aggregated(ObjectNode caller) {
    ObjectNode body = shallowCopy(caller);
    body.remove(TRANSFER_PARAMS);
    return Json.bytes(body);
  }

  private static ObjectNode shallowCopy(ObjectNode caller) {
    ObjectNode copy = caller.objectNode();
    copy.setAll(caller);
    return copy;
  }
}
