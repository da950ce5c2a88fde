package dev.tandem.standin.transfer;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an engine knows about itself that matters to a transfer.
 *
 * @param engineId new at every start unless configured
 * @param compatibilityHash see {@link CompatibilityHash}
 * @param model sizes of its KV cache
 * @param tensorParallel ranks
 * @param blockSize tokens a block
 * @param locality where it is, or null; may read a file, so called on the socket thread only
 */
public record EngineIdentity(
    String engineId,
    String compatibilityHash,
    ModelFacts model,
    int tensorParallel,
    int blockSize,
    Supplier<@Nullable LocalityPath> locality) {

  Handshake handshake() {
    LocalityPath path = locality.get();
    return new Handshake(
        compatibilityHash, engineId, tensorParallel, path == null ? null : path.toString());
  }
}
