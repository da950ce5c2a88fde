package dev.tandem.extender.wire;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tandem.extender.decide.Utf8Names;
import dev.tandem.topology.placement.Blocks;
import dev.tandem.topology.placement.NameIndex;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Writes a {@code HostPriorityList}: for thousands of nodes it is most of a prioritize call, and
 * their names are copied from where they came. One thread, one answer.
 */
final class ScoreList implements Utf8Names.Reader {
  private static final byte[] HOST = "{\"Host\":\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SCORE = "\",\"Score\":".getBytes(StandardCharsets.UTF_8);

  /** Of an entry, what is not its name: keys, a number, and what closes it. */
  private static final int AROUND = HOST.length + SCORE.length + 13;

  private final NameIndex scored;
  private final int[] scores;
  private byte[] text;
  private int end;

  private ScoreList(int nodes, Map<String, Integer> scores) {
    this.scored = new NameIndex(scores.keySet());
    this.scores = scores.values().stream().mapToInt(Integer::intValue).toArray();
    this.text = new byte[2 + nodes * (AROUND + 16)];
    text[end++] = '[';
  }

  /**
   * A list of all the nodes.
   *
   * @param scores of those that have one above 0
   */
  static byte[] of(List<String> nodes, Map<String, Integer> scores) {
    ScoreList list = new ScoreList(nodes.size(), scores);
    Utf8Names.each(nodes, list);
    return list.closed();
  }

  @Override
  public void name(byte[] in, int from, int to) {
    int number = scored.of(in, from, to);
    int score = number == Blocks.NONE ? 0 : scores[number];
    if (plain(in, from, to)) {
      entry(in, from, to, score);
    } else {
      String name = new String(in, from, to - from, StandardCharsets.UTF_8);
      byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(name);
      entry(quoted, 0, quoted.length, score);
    }
  }

  /** Whether JSON has it just as it is. */
  private static boolean plain(byte[] in, int from, int to) {
    for (int i = from; i < to; i++) {
      if (in[i] == '"' || in[i] == '\\' || (in[i] >= 0 && in[i] < ' ')) {
        return false;
      }
    }
    return true;
  }

  private void entry(byte[] name, int from, int to, int score) {
    int most = end + AROUND + to - from;
    if (most >= text.length) {
      text = Arrays.copyOf(text, Math.max(most + 1, text.length * 2));
    }
    if (end > 1) {
      text[end++] = ',';
    }
    put(HOST, 0, HOST.length);
    put(name, from, to);
    put(SCORE, 0, SCORE.length);
    if (score >= 0 && score < 10) {
      text[end++] = (byte) ('0' + score);
    } else {
      byte[] digits = Integer.toString(score).getBytes(StandardCharsets.US_ASCII);
      put(digits, 0, digits.length);
    }
    text[end++] = '}';
  }

  private void put(byte[] bytes, int from, int to) {
    System.arraycopy(bytes, from, text, end, to - from);
    end += to - from;
  }

  private byte[] closed() {
    text[end++] = ']';
    return Arrays.copyOf(text, end);
  }
}
