package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.api.ModelFacts;
import dev.tandem.webhook.annotations.PortMode;
import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.Wishes;
import java.util.List;
import java.util.Objects;

/** From wishes and facts to a plan, once no problem stands against it. */
final class Planning {

  /** Where the router listens when vLLM keeps its port. */
  private static final int BESIDE = 8100;

  private Planning() {}

  /** The ports of one engine and the router beside it. */
  static PortMap ports(Wishes wishes, EngineFacts facts) {
    Integer asked = wishes.port();
    boolean routed = wishes.router() == RouterMode.SIDECAR;
    int serving = facts.port();
    int engine = facts.port();
    if (routed && wishes.portMode() == PortMode.BESIDE) {
      serving = asked != null ? asked : BESIDE + wishes.portOffset();
    } else if (routed) {
      serving = asked != null ? asked : facts.port();
      engine = wishes.enginePort();
    }
    return new PortMap(
        facts.port(),
        serving,
        engine,
        wishes.portOffset(),
        facts.firstRank(),
        facts.ranks(),
        facts.ranks() > 1 ? facts.tensorParallel() : 1);
  }

  /** The plan of a pod with one engine. */
  static Plan single(JsonNode container, Wishes wishes, EngineFacts facts, List<String> warnings) {
    String model = Objects.requireNonNull(facts.served(), "no model and no problem");
    String path = facts.modelPath() == null ? model : facts.modelPath();
    String pool = wishes.pool() != null ? wishes.pool() : wishes.group();
    return new Plan(
        wishes,
        List.of(container.path("name").asText()),
        model,
        path,
        pool != null ? pool : PoolName.of(model),
        facts.tensorParallel(),
        facts.pipelineParallel(),
        kvBytes(wishes, facts, path),
        facts.vllm(),
        ports(wishes, facts),
        List.of(),
        wishes.router() == RouterMode.SIDECAR,
        warnings);
  }

  /** The plan of a pod whose engines keep their ports. */
  static Plan endpoints(
      List<? extends JsonNode> containers,
      Wishes wishes,
      EngineFacts facts,
      List<VirtualEndpoint> endpoints,
      List<String> warnings) {
    String announced = endpoints.getFirst().pool();
    String model = facts.served() != null ? facts.served() : announced != null ? announced : "";
    String own = wishes.pool() != null ? wishes.pool() : wishes.group();
    String pool = own != null ? own : PoolName.of(announced != null ? announced : model);
    int first = endpoints.getFirst().number();
    return new Plan(
        wishes,
        containers.stream().map(container -> container.path("name").asText()).toList(),
        model.isEmpty() ? pool : model,
        facts.modelPath() == null ? model : facts.modelPath(),
        pool,
        facts.tensorParallel(),
        facts.pipelineParallel(),
        kvBytes(wishes, facts, model),
        facts.vllm(),
        new PortMap(first, first, first, wishes.portOffset(), 0, 1, 1),
        endpoints,
        false,
        warnings);
  }

  private static long kvBytes(Wishes wishes, EngineFacts facts, String model) {
    Long stated = wishes.kvBytesPerToken();
    long computed = ModelFacts.of(model).kvBytesPerToken() / (facts.cacheBytesHalved() ? 2 : 1);
    return stated != null ? stated : computed;
  }
}
