package dev.tandem.webhook.inject;

/**
 * Sends the pod to the scheduler that knows the interconnect. Defaulting runs before admission, so
 * {@code default-scheduler} counts as unset; {@code keep: schedulerName} says it is meant.
 */
final class SchedulerName implements Rule {

  private static final String FIELD = "schedulerName";
  private static final String API_DEFAULT = "default-scheduler";

  @Override
  public String name() {
    return "scheduler-name";
  }

  @Override
  public String condition() {
    return "schedulerName absent or default-scheduler; `keep: schedulerName`";
  }

  @Override
  public String reason() {
    return "the default scheduler does not know which nodes have a fast link";
  }

  @Override
  public void apply(Draft draft) {
    String present = draft.spec().path(FIELD).asText("");
    boolean unset = present.isEmpty() || present.equals(API_DEFAULT);
    if (unset && !draft.plan().wishes().keep().contains(FIELD)) {
      draft.spec().put(FIELD, draft.config().schedulerName());
      draft.did(this, FIELD + ": " + draft.config().schedulerName());
    }
  }
}
