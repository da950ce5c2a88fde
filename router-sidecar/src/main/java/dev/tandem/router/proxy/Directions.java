package dev.tandem.router.proxy;

import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Pool;
import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;

/** Where a trusted picker wants a request to go. */
sealed interface Directions {

  /** Nothing said: this router chooses. */
  record None() implements Directions {}

  /** Chosen already. */
  record Given(@Nullable Peer prefill, Peer decode) implements Directions {}

  /** A place outside the pool, where nothing is sent. */
  record Foreign(String reason) implements Directions {}

  /**
   * Reads a picker's headers: {@value Headers#WORKER} or the first of {@value Headers#DESTINATION}
   * names who decodes, {@value Headers#PREFILLER} who computes the prompt; with the latter alone
   * the own engine decodes, as behind llm-d's sidecar.
   */
  static Directions read(MultiMap headers, Pool pool) {
    String prefiller = first(headers.get(Headers.PREFILLER));
    String worker = headers.get(Headers.WORKER);
    String destination = first(headers.get(Headers.DESTINATION));
    if (prefiller == null && worker == null && destination == null) {
      return new None();
    }
    Peer decode =
        worker != null
            ? pool.member(worker)
            : destination != null ? pool.at(destination) : pool.self();
    if (decode == null) {
      return new Foreign(
          (worker != null ? worker : destination != null ? destination : "this router")
              + " is no engine of this pool");
    }
    Peer prefill = prefiller == null ? null : pool.at(prefiller);
    if (prefiller != null && (prefill == null || prefill.role() != Role.PREFILL)) {
      return new Foreign(prefiller + " is no prefill pod of this pool");
    }
    return new Given(prefill, decode);
  }

  private static @Nullable String first(@Nullable String list) {
    return list == null ? null : list.split(",", 2)[0].strip();
  }
}
