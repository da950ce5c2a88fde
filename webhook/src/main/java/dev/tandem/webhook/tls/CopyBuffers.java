package dev.tandem.webhook.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.conscrypt.AllocatedBuffer;
import org.conscrypt.BufferAllocator;
import org.conscrypt.Conscrypt;

/**
 * Buffers outside the heap that Conscrypt copies through on the way to and from BoringSSL: lent for
 * one call, and kept for the next. Without, each connection has one of its own until the collector
 * finds it. Any thread.
 */
final class CopyBuffers extends BufferAllocator {

  /** More than processors that are inside a call at a time; beyond, one is made and dropped. */
  private static final int MOST_KEPT = 16;

  /** Conscrypt asks for no more than a record. */
  static final int BYTES = Conscrypt.maxEncryptedPacketLength();

  private final BlockingQueue<ByteBuffer> kept = new ArrayBlockingQueue<>(MOST_KEPT);

  @Override
  public AllocatedBuffer allocateDirectBuffer(int capacity) {
    ByteBuffer buffer = capacity <= BYTES ? kept.poll() : null;
    return new Lent(
        buffer == null ? ByteBuffer.allocateDirect(Math.max(capacity, BYTES)) : buffer.clear());
  }

  private final class Lent extends AllocatedBuffer {

    private final ByteBuffer buffer;

    /** Given back twice it would be lent to two connections at a time. */
    private final AtomicBoolean returned = new AtomicBoolean();

    private Lent(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public ByteBuffer nioBuffer() {
      return buffer;
    }

    @Override
    public AllocatedBuffer release() {
      if (returned.compareAndSet(false, true)) {
        var unused = kept.offer(buffer);
      }
      return this;
    }
  }
}
