package dev.tandem.extender.wire;

import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A preempt call. Immutable.
 *
 * @param pod the pod that wants another's place
 * @param victims by node, in the order they came
 */
public record PreemptionArgs(PodFacts pod, Map<String, Victims> victims) {
  public PreemptionArgs {
    victims = Collections.unmodifiableMap(new LinkedHashMap<>(victims));
  }

  /** What a body turns out to be. */
  public sealed interface Parsed permits Valid, Invalid {}

  /** A call that can be answered. */
  public record Valid(PreemptionArgs args) implements Parsed {}

  /** Not a call; the reason names what is wrong and what was expected. */
  public record Invalid(String reason) implements Parsed {}
}
