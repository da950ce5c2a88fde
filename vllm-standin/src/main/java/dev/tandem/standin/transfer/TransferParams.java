package dev.tandem.standin.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request's {@code kv_transfer_params} ask for (vllm: nixl/pull_scheduler.py). Immutable.
 *
 * <p>As in vLLM, parameters that miss something are no error of the request: the prompt is
 * prefilled here, with a warning, so a router has to check them itself.
 */
public sealed interface TransferParams {
  /** Nothing to exchange. */
  record None() implements TransferParams {}

  /** Keep the blocks for another engine. */
  record Produce() implements TransferParams {}

  /** Asked to pull, but these fields are missing or of the wrong type. */
  record Incomplete(List<String> fields) implements TransferParams {
    public Incomplete {
      fields = List.copyOf(fields);
    }
  }

  /**
   * Pull the blocks from here.
   *
   * @param engineId the engine's start
   * @param requestId its name for the request
   * @param host of its side channel
   * @param port of its side channel
   * @param blocks how many it holds
   */
  record Remote(String engineId, String requestId, String host, int port, int blocks)
      implements TransferParams {}

  /** Reads the field of a request body; null and absent are {@link None}. */
  static TransferParams of(@Nullable JsonNode params) {
    if (!(params instanceof ObjectNode object)) {
      return new None();
    }
    if (object.path("do_remote_decode").asBoolean(false)) {
      return new Produce();
    }
    if (!object.path("do_remote_prefill").asBoolean(false)) {
      return new None();
    }
    List<String> missing = new ArrayList<>();
    String engineId = text(object, "remote_engine_id", missing);
    String requestId = text(object, "remote_request_id", missing);
    String host = text(object, "remote_host", missing);
    JsonNode port = object.path("remote_port");
    if (!port.isInt() || port.intValue() < 1 || port.intValue() > 65535) {
      missing.add("remote_port");
    }
    int blocks = blocks(object.get("remote_block_ids"));
    if (blocks < 1) {
      missing.add("remote_block_ids");
    }
    return missing.isEmpty()
        ? new Remote(engineId, requestId, host, port.intValue(), blocks)
        : new Incomplete(missing);
  }

  /** What the holder of the blocks answers with. */
  static ObjectNode offer(Offer offer) {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    params.put("do_remote_prefill", true);
    params.put("do_remote_decode", false);
    ArrayNode group = params.putArray("remote_block_ids").addArray();
    for (int id : offer.blockIds()) {
      group.add(id);
    }
    params.put("remote_engine_id", offer.engineId());
    params.put("remote_request_id", offer.requestId());
    params.put("remote_host", offer.host());
    params.put("remote_port", offer.port());
    params.put("tp_size", offer.tensorParallel());
    params.put("remote_num_tokens", offer.tokens());
    // only blocks that a decode engine offers carry a time here (bidirectional transfer)
    params.putNull("remote_blocks_expiry_time");
    params.put("transfer_mode", "pull");
    return params;
  }

  /** The blocks of one finished request and where to pull them from. */
  @SuppressWarnings("ArrayRecordComponent") // built once, written once, never compared
  record Offer(
      int[] blockIds,
      String engineId,
      String requestId,
      String host,
      int port,
      int tensorParallel,
      int tokens) {}

  private static String text(ObjectNode object, String field, List<String> missing) {
    String value = object.path(field).asText("");
    if (!object.path(field).isTextual() || value.isEmpty()) {
      missing.add(field);
    }
    return value;
  }

  /** Blocks of the first cache group, whether grouped or (as older versions wrote) flat. */
  private static int blocks(@Nullable JsonNode ids) {
    if (!(ids instanceof ArrayNode list) || list.isEmpty()) {
      return 0;
    }
    return list.get(0) instanceof ArrayNode group ? group.size() : list.size();
  }
}
