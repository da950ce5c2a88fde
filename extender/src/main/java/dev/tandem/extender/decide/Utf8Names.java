package dev.tandem.extender.decide;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names as the bytes they came in, for those who need no Strings of them. */
public interface Utf8Names {

  /** Shows every name, in order. */
  void each(Reader reader);

  /** Shows every name of a list, as they came where the list knows that. */
  static void each(List<String> names, Reader reader) {
    if (names instanceof Utf8Names sent) {
      sent.each(reader);
      return;
    }
    for (String name : names) {
      byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
      reader.name(utf8, 0, utf8.length);
    }
  }

  /** Reads one name after another. */
  @FunctionalInterface
  interface Reader {
    /** The name between two positions, as UTF-8; not to be changed. */
    void name(byte[] in, int from, int to);
  }
}
