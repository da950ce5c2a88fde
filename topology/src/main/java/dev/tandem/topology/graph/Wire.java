package dev.tandem.topology.graph;

import dev.tandem.api.Transport;

/**
 * An edge of the interconnect.
 *
 * @param below the node or switch nearer to the GPUs
 * @param above the switch or domain it hangs on
 * @param bandwidthGigabytesPerSecond one way, for one GPU or NIC
 * @param transport what carries the bytes
 */
public record Wire(
    Vertex below, Vertex above, double bandwidthGigabytesPerSecond, Transport transport) {}
