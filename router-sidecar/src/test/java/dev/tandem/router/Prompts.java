package dev.tandem.router;

/** Bodies the tests send. */
public final class Prompts {

  /** 2,125 tokens: long enough that a split pays. */
  public static final String LONG = "once upon a time ".repeat(500);

  private Prompts() {}

  public static String plain() {
    return "{\"model\":\"llama\",\"prompt\":\"" + LONG + "\"}";
  }

  public static String stream() {
    return "{\"model\":\"llama\",\"stream\":true,\"prompt\":\"" + LONG + "\"}";
  }
}
