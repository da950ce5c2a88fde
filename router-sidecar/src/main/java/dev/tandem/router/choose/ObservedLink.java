package dev.tandem.router.choose;

import dev.tandem.api.Transport;

/**
 * Transfers that all went over one kind of link.
 *
 * @param transport what carried them
 * @param gigabytesPerSecond line rate of that link, as the stamps have it
 * @param transfers what was observed
 */
public record ObservedLink(
    Transport transport, double gigabytesPerSecond, ObservedTransfers transfers) {

  public ObservedLink {
    if (!(gigabytesPerSecond > 0 && Double.isFinite(gigabytesPerSecond))) {
      throw new IllegalArgumentException(
          "gigabytesPerSecond " + gigabytesPerSecond + "; accepted: above 0");
    }
  }
}
