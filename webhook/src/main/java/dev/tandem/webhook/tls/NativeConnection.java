package dev.tandem.webhook.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.conscrypt.AllocatedBuffer;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose engine holds memory outside the heap, and gives it back when the connection
 * ends. Left to the collector it would go two collections later, and one that sees only small
 * objects is in no hurry: a burst of 300 connections at a time held 500 MB.
 */
final class NativeConnection extends SslConnection {

  /** A close_notify is the only thing left to say. */
  private static final int MOST_RECORDS_LEFT = 4;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final CopyBuffers buffers;

  NativeConnection(
      ByteBufferPool pool,
      Executor executor,
      SslContextFactory context,
      EndPoint endPoint,
      SSLEngine engine,
      CopyBuffers buffers) {
    super(pool, executor, context, endPoint, engine, false, false);
    this.buffers = buffers;
  }

  /**
   * Of several buffers Conscrypt makes one by itself, through memory that is the engine's for ever
   * (google/conscrypt#974).
   */
  @Override
  protected SSLEngineResult wrap(SSLEngine engine, ByteBuffer[] input, ByteBuffer output)
      throws SSLException {
    AllocatedBuffer lent = buffers.allocateDirectBuffer(CopyBuffers.BYTES);
    try {
      ByteBuffer record = lent.nioBuffer();
      for (ByteBuffer buffer : input) {
        ByteBuffer taken = buffer.duplicate();
        taken.limit(taken.position() + Math.min(taken.remaining(), record.remaining()));
        record.put(taken);
      }
      SSLEngineResult result = engine.wrap(record.flip(), output);
      consume(input, result.bytesConsumed());
      return result;
    } finally {
      var unused = lent.release();
    }
  }

  private static void consume(ByteBuffer[] input, int bytes) {
    int left = bytes;
    for (ByteBuffer buffer : input) {
      int here = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + here);
      left -= here;
    }
  }

  @Override
  public void onClose(@Nullable Throwable cause) {
    super.onClose(cause);
    free(getSSLEngine());
  }

  /** An engine frees what it holds once both ways are closed and its last record was taken. */
  private void free(SSLEngine engine) {
    AllocatedBuffer dropped = buffers.allocateDirectBuffer(CopyBuffers.BYTES);
    try {
      engine.closeInbound();
      engine.closeOutbound();
      for (int i = 0; i < MOST_RECORDS_LEFT && !engine.isOutboundDone(); i++) {
        var unused = engine.wrap(NOTHING, dropped.nioBuffer().clear());
      }
    } catch (SSLException e) {
      // Broken connections end here too; the collector frees what is left.
    } finally {
      var unused = dropped.release();
    }
  }
}
