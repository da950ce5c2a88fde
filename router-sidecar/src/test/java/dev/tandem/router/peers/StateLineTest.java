package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StateLineTest {

  static Stream<StateEvent> events() {
    return Stream.of(
        new StateEvent.Hello("pod", "e1", 7, 3, true),
        new StateEvent.Routed("i", "p", "d", 7, new long[] {1, -1, Long.MIN_VALUE}),
        new StateEvent.Routed("i", null, "d", 7, new long[0]),
        new StateEvent.Prefilled("i"),
        new StateEvent.Finished("i"),
        new StateEvent.Speed(8000.5, 0.025),
        new StateEvent.Blocks(new long[] {3}),
        new StateEvent.Reset(),
        new StateEvent.Beat());
  }

  private static @Nullable StateEvent read(String line) throws IOException {
    return StateLine.read(line.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("events")
  void whatIsWrittenIsReadBack(StateEvent event) throws Exception {
    assertThat(read(StateLine.write(event))).usingRecursiveComparison().isEqualTo(event);
  }

  @Test
  void aLineOfALaterVersionIsIgnored() throws Exception {
    assertThat(read("{\"later\":1}")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"routed\":", "{\"speed\":-1}", "{\"blocks\":\"%\"}", "nonsense"})
  void aMalformedLineIsRefused(String line) {
    assertThatThrownBy(() -> read(line)).isInstanceOf(IOException.class);
  }

  @Test
  void noLineDoesMoreThanBeRefused() {
    long seed = 4711;
    Random random = new Random(seed);
    byte[] line = StateLine.write(events().toList().get(1)).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 5_000; i++) {
      byte[] changed = line.clone();
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      try {
        StateLine.read(changed);
      } catch (IOException e) {
        assertThat(e).isNotNull();
      }
    }
  }
}
