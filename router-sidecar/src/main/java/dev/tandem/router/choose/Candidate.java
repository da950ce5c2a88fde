package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import org.jspecify.annotations.Nullable;

/**
 * An engine a request may go to, with all a choice needs of it. Immutable.
 *
 * @param name unique in the pool: the pod's, with {@code -rank-N} where a pod has several engines
 * @param role what it does in its group
 * @param group the group it exchanges cache in, or null
 * @param model served model name, or null when unknown
 * @param compatibility digest of what engines must share to exchange cache, or null when unknown;
 *     only equals pair
 * @param locality where it runs, or null when unknown
 * @param state whether it takes requests at all
 * @param load what the routers sent it
 * @param report what it says of itself, or null when it was not asked
 * @param speed how fast it computes prompts and generates
 * @param cachedTokens prompt tokens of this request it is believed to hold
 * @param silentSeconds time since it was last heard of, 0 while it speaks; it is taken to have been
 *     busy for that long
 */
public record Candidate(
    String name,
    Role role,
    @Nullable String group,
    @Nullable String model,
    @Nullable String compatibility,
    @Nullable LocalityPath locality,
    State state,
    EngineLoad load,
    @Nullable EngineReport report,
    EngineSpeed speed,
    long cachedTokens,
    double silentSeconds) {

  /** Whether an engine takes requests. */
  public enum State {
    READY,
    /** vLLM's sleep mode: it would answer only after somebody woke it. */
    SLEEPING,
    /** Its pod is being deleted: it ends what it has and takes nothing new. */
    DRAINING
  }

  public Candidate {
    if (cachedTokens < 0) {
      throw new IllegalArgumentException("cachedTokens " + cachedTokens + "; accepted: 0 or more");
    }
    if (!(silentSeconds >= 0)) {
      throw new IllegalArgumentException(
          "silentSeconds " + silentSeconds + "; accepted: 0 or more");
    }
  }

  /** An idle engine of which nothing else is known. */
  public static Candidate idle(
      String name, Role role, @Nullable String group, @Nullable String model) {
    return new Candidate(
        name,
        role,
        group,
        model,
        null,
        null,
        State.READY,
        EngineLoad.IDLE,
        null,
        EngineSpeed.PRIOR,
        0,
        0);
  }

  public Candidate withCompatibility(@Nullable String digest) {
    return new Candidate(
        name,
        role,
        group,
        model,
        digest,
        locality,
        state,
        load,
        report,
        speed,
        cachedTokens,
        silentSeconds);
  }

  public Candidate withLocality(@Nullable LocalityPath path) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        path,
        state,
        load,
        report,
        speed,
        cachedTokens,
        silentSeconds);
  }

  public Candidate withState(State now) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        locality,
        now,
        load,
        report,
        speed,
        cachedTokens,
        silentSeconds);
  }

  public Candidate withLoad(EngineLoad now) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        locality,
        state,
        now,
        report,
        speed,
        cachedTokens,
        silentSeconds);
  }

  public Candidate withReport(@Nullable EngineReport said) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        locality,
        state,
        load,
        said,
        speed,
        cachedTokens,
        silentSeconds);
  }

  public Candidate withSpeed(EngineSpeed learnt) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        locality,
        state,
        load,
        report,
        learnt,
        cachedTokens,
        silentSeconds);
  }

  public Candidate withCachedTokens(long tokens) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        locality,
        state,
        load,
        report,
        speed,
        tokens,
        silentSeconds);
  }

  public Candidate withSilentSeconds(double seconds) {
    return new Candidate(
        name,
        role,
        group,
        model,
        compatibility,
        locality,
        state,
        load,
        report,
        speed,
        cachedTokens,
        seconds);
  }

  /** Prompt tokens it has to compute; at least 1, since the last one gives the first answer. */
  long uncached(Demand demand) {
    return Math.max(1, demand.inputTokens() - cachedTokens);
  }
}
