package dev.tandem.router.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the router reads of a prefill leg's answer.
 *
 * @param transferParams the parameters to forward verbatim; a JSON null when there are none
 * @param missing fields without which a decode engine would silently prefill again (vLLM warns and
 *     goes on); empty when complete
 * @param promptTokens tokens the engine counted in the prompt, or -1 when it did not say
 * @param cachedTokens tokens the engine had cached, or -1 when it did not say
 */
public record PrefillAnswer(
    JsonNode transferParams, List<String> missing, long promptTokens, long cachedTokens) {

  // vLLM's pull scheduler reads these five (nixl/pull_scheduler.py); tp_size is only for heartbeats
  // and remote_request_id is unknown to older engines and stand-ins, which need no more than four.
  private static final List<String> REQUIRED =
      List.of("remote_engine_id", "remote_block_ids", "remote_host", "remote_port");

  public PrefillAnswer {
    missing = List.copyOf(missing);
  }

  /**
   * Reads a body.
   *
   * @throws IOException when it is not JSON
   */
  public static PrefillAnswer read(byte[] body) throws IOException {
    JsonNode json = Json.read(body);
    JsonNode params = json.path("kv_transfer_params");
    List<String> missing = new ArrayList<>();
    for (String field : REQUIRED) {
      if (!params.hasNonNull(field)) {
        missing.add(field);
      }
    }
    JsonNode usage = json.path("usage");
    return new PrefillAnswer(
        params,
        missing,
        usage.path("prompt_tokens").asLong(-1),
        usage.path("prompt_tokens_details").path("cached_tokens").asLong(-1));
  }

  /** Whether a decode engine can fetch the cache with these. */
  public boolean complete() {
    return missing.isEmpty();
  }
}
