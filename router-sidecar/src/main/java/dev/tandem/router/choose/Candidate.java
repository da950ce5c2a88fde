package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import org.jspecify.annotations.Nullable;

/**
 * An engine a request may go to, with all a choice needs of it. Immutable.
 *
 * @param name pod name
 * @param role what it does in its group
 * @param group the group it exchanges cache in, or null
 * @param model served model name, or null when unknown
 * @param locality where it runs, or null when unknown
 * @param load what is on it
 * @param speed how fast it computes prompts
 * @param cachedTokens prompt tokens of this request it is believed to hold
 * @param silentSeconds time since it was last heard of, 0 while it speaks; it is taken to have been
 *     busy for that long
 */
public record Candidate(
    String name,
    Role role,
    @Nullable String group,
    @Nullable String model,
    @Nullable LocalityPath locality,
    EngineLoad load,
    EngineSpeed speed,
    long cachedTokens,
    double silentSeconds) {

  boolean pairsWith(Candidate other) {
    return group != null && group.equals(other.group);
  }

  long uncached(Demand demand) {
    return Math.max(1, demand.inputTokens() - cachedTokens);
  }
}
