package dev.tandem.router.choose;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a way to serve a request is expected to take, in seconds unless said.
 *
 * @param waitPrefill until the engine that computes the prompt begins with it
 * @param prefill computing the prompt
 * @param transfer moving its cache; 0 where one engine does both
 * @param waitDecode until the engine that generates has a slot; 0 where one engine does both, whose
 *     whole wait is {@code waitPrefill}
 * @param seconds the sum: the predicted time to the first token
 * @param cost the same with the weights that express what a choice costs others: what is minimised
 *     by the policy {@code tandem}
 * @param transferBytes cache bytes to move
 * @param uncachedTokens prompt tokens to compute
 */
public record Prediction(
    double waitPrefill,
    double prefill,
    double transfer,
    double waitDecode,
    double seconds,
    double cost,
    long transferBytes,
    long uncachedTokens) {

  /** The parts, one a line. */
  List<String> parts(String prefillName, String decodeName) {
    List<String> parts = new ArrayList<>();
    parts.add(line("wait on %s: %.4f s", prefillName, waitPrefill));
    parts.add(line("prefill of %,d tokens: %.4f s", uncachedTokens, prefill));
    if (!prefillName.equals(decodeName)) {
      parts.add(line("transfer of %,d bytes: %.4f s", transferBytes, transfer));
      parts.add(line("wait on %s: %.4f s", decodeName, waitDecode));
    }
    return List.copyOf(parts);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
