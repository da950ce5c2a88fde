package dev.tandem.standin.cache;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * vLLM's {@code sha256_cbor} block hash: SHA-256 over the canonical CBOR of {@code (parent, (token,
 * ...), extra keys)}, chained from {@code SHA-256(CBOR(seed))}; the 64-bit form is the last eight
 * bytes, big-endian. Extra keys are the LoRA name, then (first block only) the cache salt.
 *
 * <p>The stand-in uses it whatever {@code --prefix-caching-hash-algo} says: {@code sha256} hashes
 * Python pickles and the xxhash forms start from a random seed, so nobody can rely on their values.
 * Not thread safe: it reuses one digest and one buffer.
 */
public final class BlockHasher {
  /** The seed string vLLM uses when PYTHONHASHSEED is not set. */
  public static final String DEFAULT_SEED = "vllm-none-hash";

  private final int blockSize;
  private final MessageDigest sha256;
  private final byte[] root;
  private ByteBuffer cbor = ByteBuffer.allocate(1024);

  /**
   * @param blockSize tokens a block
   * @param seed the value of PYTHONHASHSEED, or {@link #DEFAULT_SEED}
   */
  public BlockHasher(int blockSize, String seed) {
    this.blockSize = blockSize;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    byte[] text = seed.getBytes(StandardCharsets.UTF_8);
    reserve(text.length);
    text(text);
    this.root = digest();
  }

  /** The prompt with the hashes of its full blocks. */
  public Prompt prompt(int[] tokens, @Nullable String lora, @Nullable String cacheSalt) {
    long[] hashes = new long[tokens.length / blockSize];
    byte[] parent = root;
    for (int block = 0; block < hashes.length; block++) {
      parent = hash(parent, tokens, block, lora, block == 0 ? cacheSalt : null);
      hashes[block] = ByteBuffer.wrap(parent).getLong(parent.length - Long.BYTES);
    }
    return new Prompt(tokens, hashes, blockSize, lora, cacheSalt);
  }

  private byte[] hash(
      byte[] parent, int[] tokens, int block, @Nullable String lora, @Nullable String salt) {
    byte[] loraBytes = lora == null ? null : lora.getBytes(StandardCharsets.UTF_8);
    byte[] saltBytes = salt == null ? null : salt.getBytes(StandardCharsets.UTF_8);
    int extras = (loraBytes == null ? 0 : 1) + (saltBytes == null ? 0 : 1);
    reserve(
        parent.length
            + 5 * blockSize
            + (loraBytes == null ? 0 : loraBytes.length)
            + (saltBytes == null ? 0 : saltBytes.length));
    head(4, 3);
    head(2, parent.length);
    cbor.put(parent);
    head(4, blockSize);
    for (int i = block * blockSize; i < (block + 1) * blockSize; i++) {
      head(0, Integer.toUnsignedLong(tokens[i]));
    }
    if (extras == 0) {
      cbor.put((byte) 0xF6);
    } else {
      head(4, extras);
      if (loraBytes != null) {
        text(loraBytes);
      }
      if (saltBytes != null) {
        text(saltBytes);
      }
    }
    return digest();
  }

  private void reserve(int bytes) {
    int wanted = bytes + 64;
    if (cbor.capacity() < wanted) {
      cbor = ByteBuffer.allocate(wanted);
    }
    cbor.clear();
  }

  private void text(byte[] utf8) {
    head(3, utf8.length);
    cbor.put(utf8);
  }

  /** A CBOR head (RFC 8949 section 3): major type and the shortest form of the argument. */
  private void head(int major, long argument) {
    int type = major << 5;
    if (argument < 24) {
      cbor.put((byte) (type | (int) argument));
    } else if (argument < 1L << 8) {
      cbor.put((byte) (type | 24)).put((byte) argument);
    } else if (argument < 1L << 16) {
      cbor.put((byte) (type | 25)).putShort((short) argument);
    } else {
      cbor.put((byte) (type | 26)).putInt((int) argument);
    }
  }

  private byte[] digest() {
    sha256.update(cbor.array(), 0, cbor.position());
    return sha256.digest();
  }
}
