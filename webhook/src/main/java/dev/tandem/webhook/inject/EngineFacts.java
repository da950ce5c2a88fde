package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.api.Ports;
import dev.tandem.webhook.annotations.Problem;
import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.VllmVersion;
import dev.tandem.webhook.annotations.Wishes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the vLLM container's own command line says. Where a problem was found the fact holds a
 * default, so that the next check can go on.
 *
 * @param served name clients use; null where nothing says, which is a problem with one engine
 * @param modelPath what vLLM loads; null where the command line does not say
 * @param port where vLLM listens as the pod is written
 * @param tensorParallel GPUs the engine spreads a layer over
 * @param pipelineParallel GPUs the layers are spread over
 * @param firstRank data-parallel index of its first engine
 * @param ranks data-parallel engines it runs
 * @param cacheBytesHalved whether the KV cache is kept in one byte a value instead of two
 * @param vllm its version; null where nothing proves one
 */
record EngineFacts(
    @Nullable String served,
    @Nullable String modelPath,
    int port,
    int tensorParallel,
    int pipelineParallel,
    int firstRank,
    int ranks,
    boolean cacheBytesHalved,
    @Nullable VllmVersion vllm) {

  /** Reaches flags, annotations and ZMQ topics: no blanks, no quotes, no control characters. */
  private static final String MODEL_NAME = "[A-Za-z0-9._:/@+-]{1,253}";

  /** Reads one engine's container and checks what would keep a router from reaching it. */
  static EngineFacts read(
      ObjectNode container,
      Wishes wishes,
      @Nullable VllmVersion assumed,
      List<Problem> problems,
      List<String> warnings) {
    CommandLine line = new CommandLine(container);
    Environment environment = new Environment(container);
    String field = "spec.containers[" + container.path("name").asText() + "]";
    String obstacle = line.obstacle();
    if (obstacle != null) {
      problems.add(shell(field, line, obstacle));
      return unread(wishes);
    }
    if (line.replacesEntryPoint() && !line.mentionsVllm()) {
      warnings.add("command of " + field + " is not vllm itself: it must pass its args on to vLLM");
    }
    if (line.has("--config")) {
      warnings.add("--config is not read: what is added to args wins over it; port and model too");
    }
    if (!container.path("envFrom").isEmpty()) {
      warnings.add("envFrom is not read: a variable added here wins over it; put yours in env");
    }
    refuseTransportsWeCannotProxy(line, field, wishes, problems);
    refuseUnreachableSideChannel(environment, field, wishes, problems);
    EngineFacts facts = read(line, environment, field, wishes, problems);
    VllmVersion version = version(container, wishes, assumed);
    if (facts.served == null || !facts.served.matches(MODEL_NAME)) {
      problems.add(
          new Problem(
              Keys.MODEL,
              facts.served == null ? "" : facts.served,
              "the vLLM arguments name no model that can be used (--served-model-name, --model or"
                  + " vllm serve MODEL); set this annotation to the served model name"));
    }
    return facts.with(version);
  }

  /**
   * Reads the container of a pod with several engines: its own command line is a launcher's, and
   * nothing in it has to be understood.
   */
  static EngineFacts launcher(ObjectNode container, Wishes wishes, @Nullable VllmVersion assumed) {
    CommandLine line = new CommandLine(container);
    if (line.obstacle() != null) {
      return unread(wishes).with(version(container, wishes, assumed));
    }
    Environment environment = new Environment(container);
    String path = modelPath(line, environment);
    String served = line.value("--served-model-name");
    String named = served != null ? served : path;
    boolean usable = named != null && named.matches(MODEL_NAME);
    return new EngineFacts(
            wishes.model() != null ? wishes.model() : usable ? named : null,
            path,
            line.number(Ports.SERVING, "--port"),
            Math.max(1, line.number(1, "--tensor-parallel-size", "-tp")),
            1,
            0,
            1,
            false,
            null)
        .with(version(container, wishes, assumed));
  }

  /** What is known where a command line cannot be read. */
  private static EngineFacts unread(Wishes wishes) {
    return new EngineFacts(wishes.model(), null, Ports.SERVING, 1, 1, 0, 1, false, null);
  }

  private EngineFacts with(@Nullable VllmVersion version) {
    return new EngineFacts(
        served,
        modelPath,
        port,
        tensorParallel,
        pipelineParallel,
        firstRank,
        ranks,
        cacheBytesHalved,
        version);
  }

  private static EngineFacts read(
      CommandLine line,
      Environment environment,
      String field,
      Wishes wishes,
      List<Problem> problems) {
    String modelPath = modelPath(line, environment);
    String flag = line.value("--served-model-name");
    String named = flag == null ? modelPath : environment.resolve(flag);
    int all = Math.max(1, line.number(1, "--data-parallel-size", "-dp"));
    int local = Math.max(1, line.number(all, "--data-parallel-size-local", "-dpl"));
    int rank = line.number(-1, "--data-parallel-rank", "-dpn");
    int start = line.number(0, "--data-parallel-start-rank", "-dpr");
    return new EngineFacts(
        wishes.model() != null ? wishes.model() : named,
        modelPath,
        port(line, environment, wishes, field, problems),
        Math.max(1, line.number(1, "--tensor-parallel-size", "-tp")),
        Math.max(1, line.number(1, "--pipeline-parallel-size", "-pp")),
        Math.min(1024, rank >= 0 ? rank : start),
        rank >= 0 ? 1 : Math.min(local, 1024),
        String.valueOf(line.value("--kv-cache-dtype")).startsWith("fp8"),
        null);
  }

  private static @Nullable VllmVersion version(
      ObjectNode container, Wishes wishes, @Nullable VllmVersion assumed) {
    if (wishes.vllmVersion() != null) {
      return wishes.vllmVersion();
    }
    VllmVersion tagged = VllmVersion.ofImage(container.path("image").asText());
    return tagged != null ? tagged : assumed;
  }

  private static Problem shell(String field, CommandLine line, String obstacle) {
    return new Problem(
        field + ".command",
        String.join(" ", line.words()),
        "arguments for vLLM cannot be added safely: "
            + obstacle
            + "; write command: [vllm, serve, MODEL] and args: [...] without a shell; or set "
            + Keys.ROUTER
            + ": none, "
            + Keys.PORT
            + " and "
            + Keys.MODEL
            + " to have the pod placed and its script left alone; or name another container in "
            + Keys.CONTAINER
            + "; or set the label "
            + Keys.INJECT
            + ": \"false\"");
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
}
