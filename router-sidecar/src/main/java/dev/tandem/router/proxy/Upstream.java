package dev.tandem.router.proxy;

import org.jspecify.annotations.Nullable;

/**
 * A request on its way to one engine, or to several in turn: {@link Leg} goes to one, {@link
 * TwoStep} to a prefill and then a decode engine. Whatever is to happen before, as images encoded
 * on engines of their own, is one more of these around another. Runs on the router's event loop.
 */
interface Upstream {

  /** The client has gone: stop as soon as the engines allow it. Nothing is reported any more. */
  void cancel();

  /** Is told, once, how a request fared. */
  interface Listener {

    /**
     * An answer begins. Its body waits until it is consumed.
     *
     * @param prefillPod the pod that computed the prompt, or null when one engine did both
     * @param cachedTokens cached prompt tokens to report to the client, or -1 to leave them
     */
    void replied(Reply reply, @Nullable String prefillPod, long cachedTokens);

    void failed(Failure failure);
  }
}
