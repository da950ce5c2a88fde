package dev.tandem.standin.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/**
 * What one engine asks another on the side channel, a msgpack array that starts with the name as
 * bytes. {@code get_meta_msg} is vLLM's; the others travel as NIXL notifications in life and carry
 * names of our own here.
 */
sealed interface PeerMessage {
  /** Who are you? */
  record GetMeta(int pipelineRank, int tensorRank) implements PeerMessage {}

  /** I begin to pull the blocks of this request. */
  record BeginRead(String engineId, String requestId) implements PeerMessage {}

  /** I have the blocks, or will never want them. */
  record ReadDone(String engineId, String requestId) implements PeerMessage {}

  /** Keep the blocks, I am coming. */
  record Heartbeat(String engineId, String requestId) implements PeerMessage {}

  default byte[] encode() {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(3);
      switch (this) {
        case GetMeta(int pipelineRank, int tensorRank) -> {
          name(packer, "get_meta_msg");
          packer.packInt(pipelineRank).packInt(tensorRank);
        }
        case BeginRead(String engineId, String requestId) ->
            name(packer, "standin_begin_read").packString(engineId).packString(requestId);
        case ReadDone(String engineId, String requestId) ->
            name(packer, "standin_read_done").packString(engineId).packString(requestId);
        case Heartbeat(String engineId, String requestId) ->
            name(packer, "standin_heartbeat").packString(engineId).packString(requestId);
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a buffer does not fail
    }
  }

  /**
   * Reads one from its bytes.
   *
   * @throws IOException when the bytes are none of these messages
   */
  static PeerMessage decode(byte[] bytes) throws IOException {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
      if (unpacker.unpackArrayHeader() != 3) {
        throw new IOException("not an array of three");
      }
      String name =
          new String(unpacker.readPayload(unpacker.unpackBinaryHeader()), StandardCharsets.UTF_8);
      return switch (name) {
        case "get_meta_msg" -> new GetMeta(unpacker.unpackInt(), unpacker.unpackInt());
        case "standin_begin_read" ->
            new BeginRead(unpacker.unpackString(), unpacker.unpackString());
        case "standin_read_done" -> new ReadDone(unpacker.unpackString(), unpacker.unpackString());
        case "standin_heartbeat" -> new Heartbeat(unpacker.unpackString(), unpacker.unpackString());
        default -> throw new IOException("unknown message " + name);
      };
    } catch (RuntimeException e) {
      throw new IOException("not a side channel message: " + e, e);
    }
  }

  private static MessageBufferPacker name(MessageBufferPacker packer, String name)
      throws IOException {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    packer.packBinaryHeader(bytes.length);
    packer.writePayload(bytes);
    return packer;
  }
}
