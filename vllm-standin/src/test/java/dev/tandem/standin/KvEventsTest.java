package dev.tandem.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessageUnpacker;
import org.msgpack.value.ArrayValue;
import org.msgpack.value.MapValue;
import org.msgpack.value.Value;
import org.msgpack.value.ValueFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** Events as a subscriber sees them, over real ZMQ sockets. */
class KvEventsTest {
  private static final String TEXT = "/v1/completions";
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int TRIES = 4;

  private final EngineFixture engines = new EngineFixture();
  private final ZMQ.Context context = ZMQ.context(1);
  private final List<ZMQ.Socket> sockets = new ArrayList<>();

  @AfterEach
  void stop() {
    engines.close();
    sockets.forEach(ZMQ.Socket::close);
    context.term();
  }

  @Test
  void anEngineConnectsToASubscriberThatListensAndNumbersItsBatches() throws Exception {
    Live live = live("kv@");
    ZMQ.Socket subscriber = live.subscriber();
    List<byte[]> first = live.first();

    engines.json(live.engine(), TEXT, prompt('b', 32));

    assertThat(first).hasSize(3);
    assertThat(new String(first.get(0), StandardCharsets.UTF_8)).isEqualTo("kv@pod@m");
    // on a slow machine batches of further attempts at the first may be on their way
    long sequence = sequence(first);
    Optional<MapValue> found;
    do {
      List<byte[]> next = receive(subscriber);
      assertThat(sequence(next)).isEqualTo(++sequence);
      found = events(next).stream().filter(event -> firstTokenIs(event, 0x62626262L)).findFirst();
    } while (found.isEmpty());
    MapValue stored = found.get();
    assertThat(field(stored, "type").asStringValue().asString()).isEqualTo("BlockStored");
    assertThat(field(stored, "block_hashes").asArrayValue().size()).isEqualTo(2);
    assertThat(field(stored, "token_ids").asArrayValue().size()).isEqualTo(32);
    assertThat(field(stored, "token_ids").asArrayValue().get(0).asIntegerValue().asLong())
        .isEqualTo(0x62626262L);
    assertThat(field(stored, "parent_block_hash").isNilValue()).isTrue();
  }

  @Test
  void missedBatchesAreReplayedUpToTheEndMarker() throws Exception {
    int port = freePort();
    Engine engine =
        engines.start(events("tcp://127.0.0.1:" + freePort(), "tcp://127.0.0.1:" + port));
    for (char letter = 'a'; letter <= 'd'; letter++) {
      tells(engine, letter);
    }
    ZMQ.Socket client = replay(port, 2);

    List<Long> sequences = new ArrayList<>();
    List<byte[]> frames;
    do {
      frames = receive(client);
      assertThat(frames).hasSize(4); // the empty delimiter, then topic, sequence, payload
      frames = frames.subList(1, 4);
      sequences.add(sequence(frames));
    } while (sequence(frames) >= 0);
    assertThat(sequences).containsExactly(2L, 3L, -1L);
    assertThat(frames.get(0)).isEmpty();
    assertThat(frames.get(2)).isEmpty();
  }

  @Test
  void theReplayBufferIsBounded() throws Exception {
    int port = freePort();
    Engine engine =
        engines.start(
            events("tcp://127.0.0.1:" + freePort(), "tcp://127.0.0.1:" + port),
            "--kv-events-config.buffer_steps=2");
    for (char letter = 'a'; letter <= 'e'; letter++) {
      tells(engine, letter);
    }
    ZMQ.Socket client = replay(port, 0);

    assertThat(sequence(receive(client).subList(1, 4))).isEqualTo(3);
  }

  @Test
  void evictionsAreAnnouncedBeforeWhatReplacesThem() throws Exception {
    Live live = live("", "--standin-cache-blocks=2");
    ZMQ.Socket subscriber = live.subscriber();

    engines.json(live.engine(), TEXT, prompt('x', 32));

    // Batches of the first prompt may still be on their way; on a slow machine its events are in
    // one batch with those of the second.
    String before = "";
    while (true) {
      for (MapValue event : events(receive(subscriber))) {
        if (firstTokenIs(event, 0x78787878L)) {
          assertThat(before).isEqualTo("BlockRemoved");
          return;
        }
        before = field(event, "type").asStringValue().asString();
      }
    }
  }

  /** An engine whose events arrive, and the first that did. */
  private record Live(ZMQ.Socket subscriber, Engine engine, List<byte[]> first) {}

  /**
   * In a fresh JVM two ZMQ contexts were seen to stay without a connection, once in some tens of
   * runs; no message is promised before there is one. So a link that stays silent is made anew.
   */
  private Live live(String topic, String... flags) throws Exception {
    for (int tries = 0; tries < TRIES; tries++) {
      ZMQ.Socket subscriber = open(SocketType.SUB);
      subscriber.subscribe(topic);
      int port = subscriber.bindToRandomPort("tcp://127.0.0.1");
      List<String> all = new ArrayList<>(List.of(events("tcp://127.0.0.1:" + port, null)));
      all.addAll(List.of(flags));
      Engine engine = engines.start(all.toArray(String[]::new));
      List<byte[]> first = firstMessage(subscriber, engine, prompt('a', 32));
      if (first != null) {
        return new Live(subscriber, engine, first);
      }
    }
    throw new AssertionError("no event over " + TRIES + " links");
  }

  /** A subscriber misses what was sent before it was connected, so ask until something comes. */
  private @Nullable List<byte[]> firstMessage(ZMQ.Socket subscriber, Engine engine, String prompt)
      throws Exception {
    subscriber.setReceiveTimeOut(200);
    for (int i = 0; i < 25; i++) {
      String salted = prompt.replace("}", ",\"cache_salt\":\"" + i + "\"}");
      engines.json(engine, TEXT, i == 0 ? prompt : salted);
      byte[] topic = subscriber.recv();
      if (topic != null) {
        subscriber.setReceiveTimeOut(PATIENCE_MILLIS);
        return List.of(topic, subscriber.recv(), subscriber.recv());
      }
    }
    return null;
  }

  /** Asks for a replay, over a link made anew while nothing answers, see {@link #live}. */
  /** Has a prompt's batch sent: its answer may come a turn of the engine's loop before that. */
  private void tells(Engine engine, char letter) throws Exception {
    engines.json(engine, TEXT, prompt(letter, 16));
    engines.get(engine, "/metrics");
    engines.get(engine, "/metrics");
  }

  private ZMQ.Socket replay(int port, long from) {
    for (int tries = 0; tries < TRIES; tries++) {
      ZMQ.Socket client = open(SocketType.DEALER);
      client.connect("tcp://127.0.0.1:" + port);
      client.sendMore(new byte[0]);
      client.send(ByteBuffer.allocate(8).putLong(from).array());
      ZMQ.Poller poller = context.poller(1);
      poller.register(client, ZMQ.Poller.POLLIN);
      int answered = poller.poll(5_000);
      poller.close();
      if (answered > 0) {
        return client;
      }
    }
    throw new AssertionError("no answer over " + TRIES + " links");
  }

  private static List<byte[]> receive(ZMQ.Socket socket) {
    socket.setReceiveTimeOut(PATIENCE_MILLIS);
    List<byte[]> frames = new ArrayList<>();
    do {
      byte[] frame = socket.recv();
      assertThat(frame).as("a frame in time").isNotNull();
      frames.add(frame);
    } while (socket.hasReceiveMore());
    return frames;
  }

  private static long sequence(List<byte[]> frames) {
    return ByteBuffer.wrap(frames.get(1)).getLong();
  }

  /** Of a batch, in its order. */
  private static List<MapValue> events(List<byte[]> frames) throws Exception {
    try (MessageUnpacker unpacker = MessagePack.newDefaultUnpacker(frames.get(2))) {
      ArrayValue batch = unpacker.unpackValue().asArrayValue();
      assertThat(batch.size()).isEqualTo(3);
      return batch.get(1).asArrayValue().list().stream().map(Value::asMapValue).toList();
    }
  }

  private static boolean firstTokenIs(MapValue event, long token) {
    Value tokens = event.map().get(ValueFactory.newString("token_ids"));
    return tokens != null && tokens.asArrayValue().get(0).asIntegerValue().asLong() == token;
  }

  private static Value field(MapValue map, String name) {
    Value value = map.map().get(ValueFactory.newString(name));
    if (value == null) {
      throw new AssertionError("no field " + name + " in " + map);
    }
    return value;
  }

  private static String events(String endpoint, @Nullable String replay) {
    return "--kv-events-config={\"enable_kv_cache_events\":true,\"publisher\":\"zmq\",\"topic\":"
        + "\"kv@pod@m\",\"endpoint\":\""
        + endpoint
        + "\""
        + (replay == null ? "" : ",\"replay_endpoint\":\"" + replay + "\"")
        + "}";
  }

  private static String prompt(char letter, int tokens) {
    return "{\"max_tokens\":1,\"prompt\":\"" + String.valueOf(letter).repeat(4 * tokens) + "\"}";
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private ZMQ.Socket open(SocketType type) {
    ZMQ.Socket socket = context.socket(type);
    socket.setLinger(0);
    sockets.add(socket);
    return socket;
  }
}
