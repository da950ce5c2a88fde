package dev.tandem.router;

import dev.tandem.router.choose.JointChooser;
import dev.tandem.router.choose.RoundRobinChooser;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a router chooses. */
public enum Policy {
  /** Prefill and decode together, by the predicted first token. */
  TANDEM(JointChooser.NAME),
  /** In turn, whatever the load. */
  ROUND_ROBIN(RoundRobinChooser.NAME);

  private final String label;

  Policy(String label) {
    this.label = label;
  }

  /** The value in flags and files. */
  public String label() {
    return label;
  }

  /**
   * The policy of this label.
   *
   * @throws IllegalArgumentException naming the accepted ones
   */
  public static Policy of(String label) {
    for (Policy policy : values()) {
      if (policy.label.equals(label)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "policy '%s'; accepted: %s"
            .formatted(
                label,
                Arrays.stream(values()).map(Policy::label).collect(Collectors.joining(", "))));
  }
}
