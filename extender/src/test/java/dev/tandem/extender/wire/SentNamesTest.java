package dev.tandem.extender.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SentNamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static SentNames sent(String list, int size) {
    byte[] body = ("[1]" + list + "}").getBytes(StandardCharsets.UTF_8);
    return new SentNames(JSON.getFactory(), new RawJson(body, 3, body.length - 1), size);
  }

  private static List<String> read(SentNames names) {
    List<String> read = new ArrayList<>();
    names.each((in, from, to) -> read.add(new String(in, from, to - from, StandardCharsets.UTF_8)));
    return read;
  }

  @Test
  void namesAreReadAsJsonHasThemWithSpacesAndEscapes() {
    SentNames names = sent("[ \"a\",\t\"\\u00e9\\\"]\" ,\"b\" ]", 3);
    assertThat(names).containsExactly("a", "é\"]", "b");
    assertThat(read(names)).containsExactly("a", "é\"]", "b");
    assertThat(read(sent("[]", 0))).isEmpty();
  }

  @Test
  void bothWaysOfReadingAgreeWithJackson() throws JsonProcessingException {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<String> wanted = new ArrayList<>();
      for (int i = random.nextInt(20); i > 0; i--) {
        wanted.add(name(random));
      }
      SentNames names = sent(JSON.writeValueAsString(wanted), wanted.size());
      assertThat(read(names)).as("seed %d", seed).isEqualTo(wanted);
      assertThat(List.copyOf(names)).as("seed %d", seed).isEqualTo(wanted);
    }
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    String odd = "\"\\/\n\u0001é世\uD83D\uDE00[],";
    for (int i = random.nextInt(12); i > 0; i--) {
      int kind = random.nextInt(40);
      name.appendCodePoint(
          kind == 0
              ? odd.codePointAt(odd.offsetByCodePoints(0, random.nextInt(11)))
              : 'a' + random.nextInt(26));
    }
    return name.toString();
  }
}
