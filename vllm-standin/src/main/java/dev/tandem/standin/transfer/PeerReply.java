package dev.tandem.standin.transfer;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;

/**
 * What an engine answers about the blocks of a request: {@code ["ok", n]} or {@code ["gone", why]}.
 */
sealed interface PeerReply {
  /**
   * The blocks are (or were until now) yours.
   *
   * @param otherReads pulls of other requests that run at the moment
   */
  record Ok(int otherReads) implements PeerReply {}

  /** There is no such lease. */
  record Gone(String why) implements PeerReply {}

  default byte[] encode() {
    try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
      packer.packArrayHeader(2);
      switch (this) {
        case Ok(int otherReads) -> packer.packString("ok").packInt(otherReads);
        case Gone(String why) -> packer.packString("gone").packString(why);
      }
      return packer.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a buffer does not fail
    }
  }

  /**
   * Reads one from its bytes.
   *
   * @throws IOException when the bytes are no reply
   */
  static PeerReply decode(byte[] bytes) throws IOException {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(bytes)) {
      if (unpacker.unpackArrayHeader() != 2) {
        throw new IOException("not an array of two");
      }
      return switch (unpacker.unpackString()) {
        case "ok" -> new Ok(unpacker.unpackInt());
        case "gone" -> new Gone(unpacker.unpackString());
        case String other -> throw new IOException("unknown reply " + other);
      };
    } catch (RuntimeException e) {
      throw new IOException("not a side channel reply: " + e, e);
    }
  }
}
