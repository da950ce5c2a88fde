package dev.tandem.router.proxy;

import dev.tandem.router.choose.Demand;
import java.time.Duration;

/**
 * A request as the router deals with it before it is sent.
 *
 * @param requestId its id in logs and headers
 * @param demand what it asks of the engines
 * @param priority higher goes first
 * @param waits whether it waits where every engine is full
 * @param tenant whom it shares its turns with; empty for nobody in particular
 * @param patience how long it may wait for an engine
 */
record Ask(
    String requestId,
    Demand demand,
    int priority,
    boolean waits,
    String tenant,
    Duration patience) {}
