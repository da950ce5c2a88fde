package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Ports;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.Wishes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the vLLM container's own command line says. Where a problem was found the fact holds a
 * default, so that the next check can go on.
 *
 * @param servedModel name clients use; null only beside a problem
 * @param modelPath what vLLM loads; null where the command line does not say
 * @param port where vLLM listens as the pod is written
 * @param tensorParallel GPUs the engine spreads a layer over
 * @param cacheBytesHalved whether the KV cache is kept in one byte a value instead of two
 */
record EngineFacts(
    @Nullable String servedModel,
    @Nullable String modelPath,
    int port,
    int tensorParallel,
    boolean cacheBytesHalved) {

  static EngineFacts read(
      ObjectNode container, Wishes wishes, List<Problem> problems, List<String> warnings) {
    CommandLine line = new CommandLine(container);
    Environment environment = new Environment(container);
    String field = "spec.containers[" + container.path("name").asText() + "]";
    if (line.throughShell()) {
      problems.add(
          new Problem(
              field + ".command",
              String.join(" ", line.words()),
              "a shell stands between the pod and vLLM, so arguments cannot be added safely; write"
                  + " command: [vllm, serve, MODEL] and args: [...] without a shell, name another"
                  + " container in "
                  + Keys.CONTAINER
                  + ", or set the label "
                  + Keys.INJECT
                  + ": \"false\""));
      return new EngineFacts(null, null, Ports.SERVING, 1, false);
    }
    if (line.replacesEntryPoint() && !line.mentionsVllm()) {
      warnings.add("command of " + field + " is not vllm itself: it must pass its args on to vLLM");
    }
    if (line.has("--config")) {
      warnings.add("--config is not read: port and model come from flags or annotations");
    }
    refuseTransportsWeCannotProxy(line, field, wishes, problems);
    refuseUnreachableSideChannel(environment, field, wishes, problems);
    String modelPath = modelPath(line, environment);
    return new EngineFacts(
        servedModel(line, environment, wishes, modelPath, problems),
        modelPath,
        port(line, environment, wishes, field, problems),
        tensorParallel(line, environment),
        String.valueOf(line.value("--kv-cache-dtype")).startsWith("fp8"));
  }

  /** The plan, once no problem stands against it. */
  Plan plan(Wishes wishes, String engineName, List<String> warnings) {
    String model = Objects.requireNonNull(servedModel, "no model and no problem");
    ModelFacts facts = ModelFacts.of(modelPath == null ? model : modelPath);
    Long stated = wishes.kvBytesPerToken();
    long kvBytesPerToken =
        stated != null ? stated : facts.kvBytesPerToken() / (cacheBytesHalved ? 2 : 1);
    boolean moved = wishes.router() == RouterMode.SIDECAR;
    Integer asked = wishes.port();
    int serving = moved && asked != null ? asked : port;
    String pool = wishes.pool() != null ? wishes.pool() : wishes.group();
    return new Plan(
        wishes,
        engineName,
        model,
        pool != null ? pool : PoolName.of(model),
        tensorParallel,
        kvBytesPerToken,
        new PortMap(port, serving, moved ? wishes.enginePort() : port),
        warnings);
  }

  private static void refuseTransportsWeCannotProxy(
      CommandLine line, String field, Wishes wishes, List<Problem> problems) {
    if (wishes.router() == RouterMode.NONE) {
      return;
    }
    for (String flag : List.of("--uds", "--ssl-keyfile", "--ssl-certfile")) {
      if (line.has(flag)) {
        problems.add(
            new Problem(
                field + ".args",
                flag,
                "the router reaches vLLM over plain HTTP on a port; remove the flag, or set "
                    + Keys.ROUTER
                    + ": none"));
      }
    }
  }

  /** 0.0.0.0 is where decode pods would then dial: themselves. */
  private static void refuseUnreachableSideChannel(
      Environment environment, String field, Wishes wishes, List<Problem> problems) {
    String host = environment.value("VLLM_NIXL_SIDE_CHANNEL_HOST");
    if (wishes.splitsPrefillFromDecode()
        && host != null
        && List.of("0.0.0.0", "::", "localhost", "127.0.0.1").contains(host)) {
      problems.add(
          new Problem(
              field + ".env[VLLM_NIXL_SIDE_CHANNEL_HOST]",
              host,
              "vLLM advertises this address to the other pods of "
                  + Keys.GROUP
                  + ": accepted is the pod's own; leave it out to have it set"));
    }
  }

  private static @Nullable String modelPath(CommandLine line, Environment environment) {
    String positional = line.positionalModel();
    String path = positional != null ? positional : line.value("--model");
    return path == null ? null : environment.resolve(path);
  }

  private static @Nullable String servedModel(
      CommandLine line,
      Environment environment,
      Wishes wishes,
      @Nullable String modelPath,
      List<Problem> problems) {
    if (wishes.model() != null) {
      return wishes.model();
    }
    String flag = line.value("--served-model-name");
    String served = flag == null ? modelPath : environment.resolve(flag);
    if (served == null || !served.matches("[A-Za-z0-9._:/@+-]{1,253}")) {
      problems.add(
          new Problem(
              Keys.MODEL,
              served == null ? "" : served,
              "the vLLM arguments name no model that can be used (--served-model-name, --model or"
                  + " vllm serve MODEL); set this annotation to the served model name"));
    }
    return served;
  }

  private static int port(
      CommandLine line,
      Environment environment,
      Wishes wishes,
      String field,
      List<Problem> problems) {
    String flag = line.value("--port");
    if (flag == null) {
      return Ports.SERVING;
    }
    String value = environment.resolve(flag);
    if (value != null && value.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= 65_535) {
        return port;
      }
    }
    Integer stated = wishes.port();
    if (stated != null) {
      return stated;
    }
    problems.add(
        new Problem(
            field + ".args --port",
            flag,
            "the port cannot be told; accepted is a number from 1 to 65535, or set " + Keys.PORT));
    return Ports.SERVING;
  }

  private static int tensorParallel(CommandLine line, Environment environment) {
    String flag = line.value("--tensor-parallel-size", "-tp");
    String value = flag == null ? null : environment.resolve(flag);
    return value != null && value.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(value) : 1;
  }
}
