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

  // vLLM's pull scheduler reads these and remote_request_id (nixl/pull_scheduler.py); tp_size is
  // only
  // for heartbeats. Older engines know no remote_request_id and need none, so its absence is told
  // but is no reason to throw the rest away.
  private static final List<String> REQUIRED =
      List.of("remote_engine_id", "remote_block_ids", "remote_host", "remote_port");

  private static final String REQUEST_ID = "remote_request_id";

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
    if (missing.isEmpty() && !params.hasNonNull(REQUEST_ID)) {
      missing.add(REQUEST_ID);
    }
    JsonNode usage = json.path("usage");
    return new PrefillAnswer(
        params,
        missing,
        usage.path("prompt_tokens").asLong(-1),
        usage.path("prompt_tokens_details").path("cached_tokens").asLong(-1));
  }

  /** Whether a decode engine, if perhaps only an older one, can fetch the cache with these. */
  public boolean usable() {
    return missing.isEmpty() || missing.equals(List.of(REQUEST_ID));
  }
}
