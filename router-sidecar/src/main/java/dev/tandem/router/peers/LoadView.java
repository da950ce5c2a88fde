package dev.tandem.router.peers;

import dev.tandem.router.choose.EngineLoad;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is queued and running on each engine, summed over what every router said it routed. At most
 * {@value #MOST_REQUESTS} requests, {@value #MOST_REQUESTS_A_ROUTER} of one router; further ones
 * are not counted. Used from one thread.
 */
public final class LoadView {

  static final int MOST_REQUESTS = 65_536;

  /** One router that lies or runs wild leaves the others their place. */
  static final int MOST_REQUESTS_A_ROUTER = 8_192;

  /**
   * Prompts known to be computed before the routing of their request was: the two come from
   * different routers. The oldest go beyond this many.
   */
  private static final int MOST_EARLY = 4_096;

  private final Map<String, Request> requests = new HashMap<>();
  private final Map<String, Integer> owners = new HashMap<>();
  private final Map<String, EngineLoad> engines = new HashMap<>();
  private final Set<String> early = new LinkedHashSet<>();
  private final Queues<Request> queues;

  private static final class Request {
    final String owner;
    final @Nullable String prefill;
    final String decode;
    final long tokens;
    boolean prefilled;

    Request(String owner, @Nullable String prefill, String decode, long tokens) {
      this.owner = owner;
      this.prefill = prefill;
      this.decode = decode;
      this.tokens = tokens;
    }
  }

  /** An empty view. */
  public LoadView() {
    this(System::nanoTime);
  }

  /** An empty view by this steady clock. */
  public LoadView(LongSupplier nanos) {
    this.queues = new Queues<>(nanos);
  }

  /** A router sent a request on its way. */
  public void routed(
      String owner, String id, @Nullable String prefill, String decode, long tokens) {
    int ofOwner = owners.getOrDefault(owner, 0);
    if (requests.size() >= MOST_REQUESTS
        || ofOwner >= MOST_REQUESTS_A_ROUTER
        || requests.containsKey(id)) {
      return;
    }
    owners.put(owner, ofOwner + 1);
    Request request = new Request(owner, prefill, decode, tokens);
    requests.put(id, request);
    if (early.remove(id)) {
      request.prefilled = true;
    }
    count(request, 1);
  }

  /**
   * A request served by two engines.
   *
   * @param tokens prompt tokens computed
   */
  public record Exchange(String prefill, String decode, long tokens) {}

  /** The prompt of a request has been computed; the exchange when its cache is to move now. */
  public @Nullable Exchange prefilled(String id) {
    Request request = requests.get(id);
    if (request == null) {
      remember(id);
      return null;
    } else if (request.prefilled) {
      return null;
    }
    count(request, -1);
    request.prefilled = true;
    count(request, 1);
    return request.prefill == null
        ? null
        : new Exchange(request.prefill, request.decode, request.tokens);
  }

  /** A request is over; only the router that routed it can say so. */
  public void finished(String owner, String id) {
    Request request = requests.get(id);
    if (request != null && request.owner.equals(owner)) {
      requests.remove(id);
      count(request, -1);
      owners.computeIfPresent(owner, (name, count) -> count == 1 ? null : count - 1);
    }
  }

  /** A router is gone, or starts over: what it had routed no longer counts. */
  public void forget(String owner) {
    owners.remove(owner);
    Iterator<Request> all = requests.values().iterator();
    while (all.hasNext()) {
      Request request = all.next();
      if (request.owner.equals(owner)) {
        count(request, -1);
        all.remove();
      }
    }
  }

  /** The load of an engine, idle when nothing is known of it. */
  public EngineLoad load(String engine) {
    EngineLoad counted = counted(engine);
    return queues.isEmpty(engine)
        ? counted
        : counted.computing(queues.head(engine).tokens, queues.headSeconds(engine));
  }

  private EngineLoad counted(String engine) {
    return engines.getOrDefault(engine, EngineLoad.IDLE);
  }

  /** Requests counted now. */
  public int size() {
    return requests.size();
  }

  private void count(Request request, int sign) {
    if (!request.prefilled) {
      String computes = request.prefill == null ? request.decode : request.prefill;
      if (sign > 0) {
        queues.came(computes, request);
      } else {
        queues.left(computes, request);
      }
    }
    if (request.prefilled) {
      add(request.decode, 0, 0, sign);
    } else if (request.prefill == null) {
      add(request.decode, sign * request.tokens, sign, 0);
    } else {
      add(request.prefill, sign * request.tokens, sign, 0);
      add(request.decode, 0, 0, sign);
    }
  }

  /** An engine with nothing on it is not kept, so the map holds no more than the requests do. */
  private void add(String engine, long tokens, int pending, int decoding) {
    EngineLoad before = counted(engine);
    EngineLoad after =
        new EngineLoad(
            before.pendingTokens() + tokens,
            before.pendingRequests() + pending,
            before.decoding() + decoding);
    if (after.inFlight() == 0) {
      engines.remove(engine);
    } else {
      engines.put(engine, after);
    }
  }

  private void remember(String id) {
    early.add(id);
    if (early.size() > MOST_EARLY) {
      Iterator<String> oldest = early.iterator();
      oldest.next();
      oldest.remove();
    }
  }
}
