package dev.tandem.router.choose;

import java.util.List;
import net.openhft.hashing.LongHashFunction;

/**
 * Consistent hashing without a ring: an engine's turn for a key is a hash of both, so an engine
 * that comes or goes moves only the keys it gains or loses, and those it loses spread over all
 * others. Stateless.
 */
final class Rendezvous {

  private static final LongHashFunction XX = LongHashFunction.xx();

  private Rendezvous() {}

  /** The key of some text. */
  static long key(String text) {
    return XX.hashChars(text);
  }

  /** A number from 0 to below 1 for each engine; the least is the key's first choice. */
  static double[] turns(long key, List<Candidate> engines) {
    double[] turns = new double[engines.size()];
    for (int i = 0; i < turns.length; i++) {
      long hash = XX.hashLong(key ^ XX.hashChars(engines.get(i).name()));
      turns[i] = (hash >>> 11) * 0x1p-53;
    }
    return turns;
  }
}
