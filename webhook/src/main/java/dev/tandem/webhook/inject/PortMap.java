package dev.tandem.webhook.inject;

import dev.tandem.api.Ports;

/**
 * Who listens where after the injection.
 *
 * @param original where vLLM listened before
 * @param serving where clients talk to the pod: the router
 * @param engine where vLLM listens now
 */
record PortMap(int original, int serving, int engine) {

  /** Where routers talk to each other. */
  int peer() {
    return Ports.PEER;
  }
}
