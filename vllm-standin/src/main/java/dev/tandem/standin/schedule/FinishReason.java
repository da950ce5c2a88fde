package dev.tandem.standin.schedule;

/** Why a request ended, in vLLM's words. */
public enum FinishReason {
  /** The token limit was reached. */
  LENGTH("length"),
  /** The text ended by itself or at a stop string. */
  STOP("stop"),
  /** The client went away. */
  ABORT("abort"),
  /** The engine could not go on. */
  ERROR("error");

  private final String label;

  FinishReason(String label) {
    this.label = label;
  }

  /** The value in answers and metric labels. */
  public String label() {
    return label;
  }
}
