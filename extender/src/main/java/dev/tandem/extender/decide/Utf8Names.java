package dev.tandem.extender.decide;

/** Names as the bytes they came in, for those who need no Strings of them. */
public interface Utf8Names {

  /** Shows every name, in order. */
  void each(Reader reader);

  /** Reads one name after another. */
  @FunctionalInterface
  interface Reader {
    /** The name between two positions, as UTF-8; not to be changed. */
    void name(byte[] in, int from, int to);
  }
}
