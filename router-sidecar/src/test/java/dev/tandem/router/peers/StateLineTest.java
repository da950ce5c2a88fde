package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.index.Tier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
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
        new StateEvent.Stored(Tier.CPU, new long[] {5, -5}),
        new StateEvent.Removed(Tier.DISK, new long[] {6}),
        new StateEvent.Status(new EngineStatus(1, 2, 0.5, true, 640_000, 16)),
        new StateEvent.Transferred(new TransferTotals(1, 0.5, 0.25, 1e9, 4096)),
        new StateEvent.Stale(),
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
  @ValueSource(
      strings = {
        "{\"routed\":",
        "{\"speed\":-1}",
        "{\"blocks\":\"%\"}",
        "{\"stored\":\"\",\"tier\":9}",
        "{\"status\":{\"running\":-5}}",
        "{\"status\":{\"usage\":1.5}}",
        "{\"status\":{\"cache\":99999999999999}}",
        "{\"transferred\":{\"bytes\":-1}}",
        "nonsense"
      })
  void aMalformedLineIsRefused(String line) {
    assertThatThrownBy(() -> read(line)).isInstanceOf(IOException.class);
  }

  @Test
  void aPromptOfAbsurdLengthIsNotBelieved() throws Exception {
    assertThat(read("{\"routed\":\"i\",\"d\":\"d\",\"t\":9000000000000000000,\"h\":\"\"}"))
        .usingRecursiveComparison()
        .isEqualTo(new StateEvent.Routed("i", null, "d", 1 << 24, new long[0]));
  }

  @Test
  void noLineDoesMoreThanBeRefused() {
    fuzz(4711, 5_000);
  }

  static void fuzz(long seed, int rounds) {
    Random random = new Random(seed);
    List<byte[]> lines =
        events().map(event -> StateLine.write(event).getBytes(StandardCharsets.UTF_8)).toList();
    for (int i = 0; i < rounds; i++) {
      byte[] good = lines.get(random.nextInt(lines.size()));
      byte[] changed = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        changed[random.nextInt(changed.length)] = (byte) (32 + random.nextInt(96));
      }
      try {
        StateLine.read(changed);
      } catch (IOException refused) {
        assertThat(refused.getMessage()).isNotNull();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + " round " + i, e);
      }
    }
  }
}
