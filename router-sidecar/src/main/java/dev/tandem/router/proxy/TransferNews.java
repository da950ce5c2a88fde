package dev.tandem.router.proxy;

import dev.tandem.router.choose.LinkLearner;
import dev.tandem.router.choose.ObservedTransfers;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.peers.Transfers;

/**
 * What engines of the pool fetch, as news for the prediction of links. Runs on the router's event
 * loop.
 */
record TransferNews(LinkLearner learner) implements Transfers {

  @Override
  public void fetching(Peer from, Peer to, long tokens) {
    learner.fetching(to.name(), from.locality(), to.locality(), tokens);
  }

  @Override
  public void fetched(String engine, TransferTotals added) {
    learner.fetched(
        engine,
        new ObservedTransfers(
            (long) added.count(),
            (long) added.bytes(),
            (long) added.descriptors(),
            added.seconds(),
            added.postSeconds()));
  }

  @Override
  public void gone(String engine) {
    learner.forget(engine);
  }
}
