package dev.tandem.standin.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/**
 * What an engine tells about itself on its side channel: vLLM's map of {@code compatibility_hash}
 * and {@code agent_metadata_bytes}. The agent bytes are NIXL's in life; here they are a msgpack map
 * with what the time of a transfer depends on.
 *
 * @param compatibilityHash see {@link CompatibilityHash}
 * @param engineId new at every start of an engine
 * @param tensorParallel ranks that move their shares side by side
 * @param locality where the engine is (see dev.tandem.api.LocalityPath), null when it does not know
 */
record Handshake(
    String compatibilityHash, String engineId, int tensorParallel, @Nullable String locality) {

  byte[] encode() {
    try (MessageBufferPacker agent = MessagePack.newDefaultBufferPacker();
        MessageBufferPacker payload = MessagePack.newDefaultBufferPacker()) {
      agent.packMapHeader(3);
      agent.packString("engine_id").packString(engineId);
      agent.packString("tensor_parallel_size").packInt(tensorParallel);
      agent.packString("locality");
      if (locality == null) {
        agent.packNil();
      } else {
        agent.packString(locality);
      }
      byte[] agentBytes = agent.toByteArray();
      payload.packMapHeader(2);
      payload.packString("compatibility_hash").packString(compatibilityHash);
      payload.packString("agent_metadata_bytes").packBinaryHeader(agentBytes.length);
      payload.writePayload(agentBytes);
      return payload.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a buffer does not fail
    }
  }

  /**
   * @throws IOException when the bytes are no handshake
   */
  static Handshake decode(byte[] bytes) throws IOException {
    try (MessageUnpacker payload = MessagePack.newDefaultUnpacker(bytes)) {
      String hash = null;
      byte[] agent = null;
      int fields = payload.unpackMapHeader();
      for (int i = 0; i < fields; i++) {
        switch (payload.unpackString()) {
          case "compatibility_hash" -> hash = payload.unpackString();
          case "agent_metadata_bytes" -> agent = payload.readPayload(payload.unpackBinaryHeader());
          default -> payload.skipValue();
        }
      }
      if (hash == null || agent == null) {
        throw new IOException("handshake without compatibility_hash or agent_metadata_bytes");
      }
      return decodeAgent(hash, agent);
    } catch (RuntimeException e) {
      throw new IOException("not a handshake: " + e, e);
    }
  }

  private static Handshake decodeAgent(String hash, byte[] bytes) throws IOException {
    try (MessageUnpacker agent = MessagePack.newDefaultUnpacker(bytes)) {
      String engineId = null;
      int tensorParallel = 1;
      String locality = null;
      int fields = agent.unpackMapHeader();
      for (int i = 0; i < fields; i++) {
        switch (agent.unpackString()) {
          case "engine_id" -> engineId = agent.unpackString();
          case "tensor_parallel_size" -> tensorParallel = agent.unpackInt();
          case "locality" -> locality = agent.tryUnpackNil() ? null : agent.unpackString();
          default -> agent.skipValue();
        }
      }
      if (engineId == null || tensorParallel < 1) {
        throw new IOException("handshake without engine_id or with a bad tensor_parallel_size");
      }
      return new Handshake(hash, engineId, tensorParallel, locality);
    }
  }
}
