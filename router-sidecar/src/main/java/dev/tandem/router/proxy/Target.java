package dev.tandem.router.proxy;

import dev.tandem.router.peers.Peer;

/**
 * An engine as a leg reaches it.
 *
 * @param name its pod
 * @param host address to connect to
 * @param port port to connect to
 * @param own whether it is this router's own engine, reached without a peer port
 * @param router whether a router of ours answers there
 */
record Target(String name, String host, int port, boolean own, boolean router) {

  static Target of(Peer peer) {
    return new Target(
        peer.name(), peer.host(), peer.port(), false, peer.kind() == Peer.Kind.SIDECAR);
  }
}
