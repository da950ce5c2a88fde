package dev.tandem.webhook.inject;

/**
 * Moves vLLM to the engine port, so that the router can take the port clients know and Services
 * keep working. Takes place only with a router in front.
 */
final class EnginePort implements Rule {

  @Override
  public String name() {
    return "engine-port";
  }

  @Override
  public String condition() {
    return "with a router, mode takeover";
  }

  @Override
  public String reason() {
    return "router and engine would want the same port";
  }

  @Override
  public void apply(Draft draft) {
    if (draft.plan().withRouter() && draft.plan().ports().moves()) {
      PortMap ports = draft.plan().ports();
      draft.commandLine().set("--port", Integer.toString(ports.engine()));
      draft.did(this, "vLLM moved from %d to %d".formatted(ports.original(), ports.engine()));
    }
  }
}
