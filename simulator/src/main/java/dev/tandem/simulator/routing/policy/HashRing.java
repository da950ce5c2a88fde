package dev.tandem.simulator.routing.policy;

import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.trace.Request;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import net.openhft.hashing.LongHashFunction;

/**
 * Consistent hashing of a prompt's first blocks over a ring of {@value #VIRTUAL_NODES} places an
 * engine; with a bound, the first engine on the ring whose requests are below so many times the
 * mean.
 */
final class HashRing implements RoutingPolicy {
  private static final int VIRTUAL_NODES = 128;
  private static final LongHashFunction HASH = LongHashFunction.xx();

  private final EngineLoads loads;
  private final int keyBlocks;
  private final double bound;
  private final TreeMap<Long, Integer> ring = new TreeMap<>();

  /**
   * A ring.
   *
   * @param bound most requests an engine takes, in means; 0 for no bound
   */
  HashRing(Knowledge knowledge, int keyBlocks, double bound) {
    this.loads = knowledge.loads();
    this.keyBlocks = keyBlocks;
    this.bound = bound;
    for (int engine = 0; engine < knowledge.engines(); engine++) {
      for (int place = 0; place < VIRTUAL_NODES; place++) {
        ring.put(HASH.hashLongs(new long[] {engine, place}), engine);
      }
    }
  }

  @Override
  public Route choose(Request request, double at) {
    int length = Math.min(keyBlocks, request.blocks().length);
    ByteBuffer key = ByteBuffer.allocate(Integer.BYTES * length);
    for (int i = 0; i < length; i++) {
      key.putInt(request.blocks()[i]);
    }
    long place = HASH.hashBytes(key.array());
    return Route.alone(request, first(place), request.inputTokens(), at);
  }

  private int first(long place) {
    int engines = 0;
    int inFlight = 0;
    for (int engine = 0; engine < loads.engines(); engine++) {
      engines += loads.up(engine) ? 1 : 0;
      inFlight += loads.inFlight(engine);
    }
    double most = bound == 0 ? Double.MAX_VALUE : Math.ceil(bound * (inFlight + 1) / engines);
    for (Map<Long, Integer> part : java.util.List.of(ring.tailMap(place), ring.headMap(place))) {
      for (int engine : part.values()) {
        if (loads.up(engine) && loads.inFlight(engine) < most) {
          return engine;
        }
      }
    }
    return ring.firstEntry().getValue(); // none is up: it will be lost, and routed again
  }
}
