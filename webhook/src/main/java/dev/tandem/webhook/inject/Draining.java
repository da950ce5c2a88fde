package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A pod that goes ends in this order: it leaves the routers' choice while its engine still works
 * (preStop), vLLM finishes what it has (--shutdown-timeout, 0 by default: it aborts everything),
 * then the router goes, which as a native sidecar ends after it. The grace period holds all of it.
 *
 * <p>A prefill engine waits as long as a decode engine may still read from it: NIXL's lease. The
 * values are those of KServe and llm-d's guides (kserve/kserve#5496, llm-d/llm-d#1653). preStop
 * runs a program and not the {@code sleep} action, which API servers before 1.30 drop.
 */
final class Draining implements Rule {

  private static final String GRACE = "terminationGracePeriodSeconds";
  private static final int API_DEFAULT_GRACE = 30;
  private static final int LEAVE_SECONDS = 15;
  private static final int FINISH_SECONDS = 60;
  private static final int MARGIN_SECONDS = 15;
  private static final int LEAST_FINISH_SECONDS = 5;
  private static final String FLAG = "--shutdown-timeout";

  @Override
  public String name() {
    return "draining";
  }

  @Override
  public String condition() {
    return "with a router, and prefill and decode pods without one; no preStop hook; flag absent"
        + " and vLLM 0.18.0 or later; grace period at its default of 30; `keep: preStop`,"
        + " `keep: terminationGracePeriodSeconds`";
  }

  @Override
  public String reason() {
    return "requests and KV cache in flight would be lost with every rollout";
  }

  @Override
  public void apply(Draft draft) {
    Plan plan = draft.plan();
    boolean exchanges = plan.completesArguments() && plan.wishes().splitsPrefillFromDecode();
    if (!plan.withRouter() && !exchanges) {
      return;
    }
    int leave = leave(draft);
    CommandLine line = draft.commandLine();
    boolean ours = !line.has(FLAG) && plan.has(VllmFeature.SHUTDOWN_TIMEOUT);
    int finish = ours ? FINISH_SECONDS : line.number(0, FLAG);
    int grace = draft.spec().path(GRACE).asInt(API_DEFAULT_GRACE);
    if (grace == API_DEFAULT_GRACE && !plan.keeps(GRACE)) {
      grace = leave + finish + MARGIN_SECONDS;
      if (grace > API_DEFAULT_GRACE) {
        draft.spec().put(GRACE, grace);
        draft.did(this, "%s: %d".formatted(GRACE, grace));
      }
    } else if (ours) {
      finish = Math.min(finish, grace - leave - MARGIN_SECONDS);
    }
    if (ours && finish >= LEAST_FINISH_SECONDS) {
      line.append(FLAG, Integer.toString(finish));
      draft.did(this, FLAG + " " + finish);
    }
    if (grace < leave + LEAST_FINISH_SECONDS) {
      draft.warn(
          "%s: %d is too short to drain: leaving alone takes %d s".formatted(GRACE, grace, leave));
    }
  }

  /** Seconds before vLLM hears of its end; of a hook that is the user's nothing is known. */
  private int leave(Draft draft) {
    ObjectNode engine = draft.engine();
    boolean own = engine.path("lifecycle").path("preStop").isObject();
    if (own || draft.plan().keeps("preStop")) {
      return 0;
    }
    int seconds = Math.max(LEAVE_SECONDS, lease(draft));
    ObjectNode lifecycle =
        engine.path("lifecycle") instanceof ObjectNode present
            ? present
            : engine.putObject("lifecycle");
    ArrayNode command = lifecycle.putObject("preStop").putObject("exec").putArray("command");
    command.add("/bin/sleep").add(Integer.toString(seconds));
    draft.did(this, "preStop waits " + seconds + " s");
    return seconds;
  }

  /** Seconds a decode engine may still fetch from this one; 0 where none does. */
  private static int lease(Draft draft) {
    if (!draft.plan().prefills()) {
      return 0;
    }
    OwnTransfer own = OwnTransfer.of(draft.commandLine());
    if (own != null) {
      return own.nixl() ? own.leaseSeconds() : 0;
    }
    return draft.plan().wishes().connector().nixl() ? KvTransferConfig.LEASE_SECONDS : 0;
  }
}
