package dev.tandem.topology.imports;

import dev.tandem.api.Transport;
import dev.tandem.topology.facts.LinkSpeeds;

/**
 * The link speeds an import saw at one level. Immutable.
 *
 * @param narrowest slowest link in GB/s, one way
 * @param widest fastest link in GB/s, one way
 * @param transport what carries the bytes
 */
public record Span(double narrowest, double widest, Transport transport) {
  /** One link, at least as fast as a topology file accepts. */
  static Span of(double gigabytesPerSecond, Transport transport) {
    double accepted = Math.max(LinkSpeeds.Link.LEAST, gigabytesPerSecond);
    return new Span(accepted, accepted, transport);
  }

  /** Both together; the slower one's transport. */
  Span and(Span other) {
    return new Span(
        Math.min(narrowest, other.narrowest),
        Math.max(widest, other.widest),
        other.narrowest < narrowest ? other.transport : transport);
  }
}
