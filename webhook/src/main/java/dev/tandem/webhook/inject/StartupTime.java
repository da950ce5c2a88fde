package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Time to load the weights. A startup probe holds liveness probes back until vLLM answers; it asks
 * vLLM itself, never the router, whose start does not depend on vLLM's. The time is ten minutes for
 * compiling and capturing plus four seconds a GB, a slow network disk's rate; where the model is
 * not known, half an hour.
 */
final class StartupTime implements Rule {

  private static final int BASE_SECONDS = 600;
  private static final int SECONDS_A_GIGABYTE = 4;
  private static final int UNKNOWN_SECONDS = 1800;
  private static final int MOST_SECONDS = 3600;
  private static final int PERIOD_SECONDS = 10;

  @Override
  public String name() {
    return "startup-time";
  }

  @Override
  public String condition() {
    return "no startup probe; VLLM_ENGINE_READY_TIMEOUT_S absent and more than 600 s needed;"
        + " `keep: startupProbe`";
  }

  @Override
  public String reason() {
    return "the kubelet would kill an engine that is still loading";
  }

  @Override
  public void apply(Draft draft) {
    Plan plan = draft.plan();
    if (!plan.completesArguments() || plan.keeps("startupProbe")) {
      return;
    }
    int seconds = seconds(ModelSize.of(plan.modelPath(), draft.commandLine()));
    if (seconds > BASE_SECONDS) {
      draft.variable(this, "VLLM_ENGINE_READY_TIMEOUT_S", Integer.toString(seconds));
    }
    JsonNode present = draft.engine().path("startupProbe");
    if (present.isObject() && !present.isEmpty()) {
      warnAboutShortOne(present, seconds, draft);
      return;
    }
    CommandLine line = draft.commandLine();
    if (line.has("--uds") || line.has("--ssl-keyfile")) {
      return;
    }
    ObjectNode probe = draft.engine().putObject("startupProbe");
    probe.putObject("httpGet").put("path", "/health").put("port", plan.ports().engine());
    probe.put("periodSeconds", PERIOD_SECONDS).put("timeoutSeconds", 5);
    probe.put("failureThreshold", seconds / PERIOD_SECONDS);
    draft.did(this, "startupProbe of " + seconds + " s");
  }

  /** Whole minutes. */
  private static int seconds(ModelSize size) {
    if (!size.known()) {
      return UNKNOWN_SECONDS;
    }
    double seconds = BASE_SECONDS + SECONDS_A_GIGABYTE * size.gigabytes();
    return Math.min(MOST_SECONDS, (int) Math.ceil(seconds / 60) * 60);
  }

  private static void warnAboutShortOne(JsonNode probe, int seconds, Draft draft) {
    long allowed =
        probe.path("initialDelaySeconds").asLong(0)
            + Math.max(1, probe.path("periodSeconds").asLong(10))
                * Math.max(1, probe.path("failureThreshold").asLong(3));
    if (allowed < BASE_SECONDS / 2) {
      draft.warn(
          "your startupProbe allows %d s; loading may take up to %d s".formatted(allowed, seconds));
    }
  }
}
