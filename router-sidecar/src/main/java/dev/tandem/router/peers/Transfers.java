package dev.tandem.router.peers;

import dev.tandem.router.engine.TransferTotals;

/** Learns what links can do from what engines fetch. Called on the router's event loop. */
public interface Transfers {

  /** A prompt was computed on one engine, and another is about to fetch its cache. */
  void fetching(Peer from, Peer to, long tokens);

  /** An engine says how long what it fetched since the last time took. */
  void fetched(String engine, TransferTotals added);

  /** An engine left the pool. */
  void gone(String engine);
}
