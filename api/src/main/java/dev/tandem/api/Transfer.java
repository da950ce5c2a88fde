package dev.tandem.api;

/**
 * One KV cache to be moved, as the slowest pair of tensor-parallel ranks sees it: ranks move their
 * shares side by side, so the pair with the most bytes decides.
 *
 * @param bytes bytes that pair moves
 * @param descriptors pieces the bytes are cut into, each posted on its own
 */
public record Transfer(long bytes, long descriptors) {

  /** Nothing to move. */
  public static final Transfer NONE = new Transfer(0, 0);

  public Transfer {
    if (bytes < 0 || descriptors < 0) {
      throw new IllegalArgumentException(
          "bytes %d, descriptors %d: accepted are 0 or more".formatted(bytes, descriptors));
    }
  }
}
