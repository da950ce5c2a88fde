package dev.tandem.standin.transfer;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What two engines must agree on before blocks move between them: NIXL's factors, of which the
 * model <em>string</em> is one. Tensor-parallel and block size may differ.
 *
 * @param vllmVersion as {@code /version} reports it
 * @param model as passed on the command line
 * @param dtype of the weights
 * @param kvCacheDtype of the cache
 * @param kvHeads KV heads of the model
 * @param layers attention layers of the model
 * @param attentionBackend name, or {@code auto}
 * @param crossLayers blocks span layers
 * @param hybridCacheManager the hybrid KV cache manager is on
 * @param speculation method and model of speculative decoding, empty for none
 */
public record CompatibilityHash(
    String vllmVersion,
    String model,
    String dtype,
    String kvCacheDtype,
    int kvHeads,
    int layers,
    String attentionBackend,
    boolean crossLayers,
    boolean hybridCacheManager,
    String speculation) {
  /** NIXL_CONNECTOR_VERSION of the vLLM described in docs/design/standin-model.md. */
  public static final int CONNECTOR_VERSION = 7;

  /** SHA-256 over the factors, in hexadecimal. */
  public String value() {
    try {
      String factors = CONNECTOR_VERSION + "\n" + this + "\npull";
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(factors.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
