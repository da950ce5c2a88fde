package dev.tandem.router;

import org.jspecify.annotations.Nullable;

/**
 * Is told what becomes of each request this router takes. Called on the router's event loop: must
 * return at once and not throw. A request that is tried again is routed again under a new id.
 */
public interface RequestObserver {

  /** Watches nothing. */
  RequestObserver NONE = new RequestObserver() {};

  /**
   * A choice was made and the request is on its way.
   *
   * @param id unique over all routers
   * @param prefillPod the pod that computes the prompt, or null when the decode pod does
   * @param decodePod the pod that generates
   * @param predictedSeconds predicted time to the first token
   * @param bytes KV cache bytes to move between the two
   */
  default void routed(
      String id,
      @Nullable String prefillPod,
      String decodePod,
      double predictedSeconds,
      long bytes) {}

  /** The first bytes of the answer came, this long after the request was read. */
  default void firstToken(String id, double seconds) {}

  /**
   * The request is over.
   *
   * @param outcome {@code ok}, {@code cancelled} (the client went), {@code retried}, {@code error}
   *     or {@code cut} (the engine went in the middle of the answer)
   */
  default void finished(String id, String outcome) {}
}
