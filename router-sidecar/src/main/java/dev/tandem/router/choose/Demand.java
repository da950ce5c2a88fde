package dev.tandem.router.choose;

/**
 * What a request asks of the engines.
 *
 * @param model model or adapter asked for; empty when the caller named none
 * @param inputTokens prompt length in tokens, at least 1
 * @param splittable whether prefill and decode may run on different engines
 */
public record Demand(String model, long inputTokens, boolean splittable) {

  public Demand {
    if (inputTokens < 1) {
      throw new IllegalArgumentException("inputTokens " + inputTokens + "; accepted: 1 or more");
    }
  }
}
