package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.util.List;
import java.util.Set;

/**
 * Turns an annotated vLLM pod into one that is placed and routed. Pure: the webhook, {@code tandem
 * inject} and the golden tests call the same method. Immutable, any thread.
 *
 * <p>It works on JSON trees, so a field that is newer than we are survives. What the user set wins;
 * injecting twice gives an empty patch.
 */
public final class Injector {

  /** In the order they run: a later rule may read what an earlier one wrote. */
  static final List<Rule> RULES =
      List.of(
          new ForgedLocality(),
          new SchedulerName(),
          new ServiceLinks(),
          new PodAddress(),
          new SideChannel(),
          new EncoderSideChannel(),
          new HashSeed(),
          new KeepAlive(),
          new AbortedTransfers(),
          new SpeculationContract(),
          new EnginePort(),
          new MovedProbes(),
          new KvTransferConfig(),
          new KvEventsConfig(),
          new HashAlgorithm(),
          new SpeculativeConfig(),
          new PromptTokensDetails(),
          new RequestIdHeaders(),
          new StartupTime(),
          new Draining(),
          new SharedMemory(),
          new RdmaDevices(),
          new RouterSidecar(),
          new ServiceAccountName(),
          new EnginePortEntry(),
          new HostPorts(),
          new SelectableLabels(),
          new CompatibilityLabel(),
          new WithoutRouter(),
          new ModelAnnotation(),
          new PortDiscovery(),
          new InjectedMarker());

  private final InjectionConfig config;

  public Injector(InjectionConfig config) {
    this.config = config;
  }

  /**
   * Injects one pod, or the {@code {metadata, spec}} of a pod template. The tree is not changed.
   */
  public InjectionResult inject(ObjectNode pod, Origin origin) {
    return switch (Assessment.of(pod, origin, config.assumedVllm())) {
      case Assessment.Refused refused ->
          new InjectionResult.Denied(refused.problems(), refused.warnings());
      case Assessment.Passed passed -> passedOver(pod, passed.reason());
      case Assessment.Ready ready -> injected(pod, ready.plan());
    };
  }

  private InjectionResult injected(ObjectNode pod, Plan plan) {
    Draft draft = new Draft(pod, plan, config);
    for (Rule rule : RULES) {
      rule.apply(draft);
    }
    draft.warnAboutWithheld();
    return new InjectionResult.Injected(
        JsonPatch.betweenPods(pod, draft.pod()),
        draft.pod(),
        draft.changes(),
        draft.warnings(),
        draft.template());
  }

  /** A pod that is meant, but gets nothing, may not bring its own locality along either. */
  private static InjectionResult passedOver(ObjectNode pod, SkipReason reason) {
    boolean meant =
        Set.of(SkipReason.ALREADY_INJECTED, SkipReason.HEADLESS, SkipReason.NOT_VLLM)
            .contains(reason);
    if (!meant || !pod.path("metadata").path("annotations").has(Keys.LOCALITY)) {
      return InjectionResult.Skipped.unchanged(reason);
    }
    ObjectNode copy = pod.deepCopy();
    copy.withObjectProperty("metadata").withObjectProperty("annotations").remove(Keys.LOCALITY);
    return new InjectionResult.Skipped(
        reason, JsonPatch.between(pod, copy), List.of(ForgedLocality.DONE));
  }
}
