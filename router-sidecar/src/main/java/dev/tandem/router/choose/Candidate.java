package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import java.util.function.Consumer;
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
    return with(draft -> draft.compatibility = digest);
  }

  public Candidate withLocality(@Nullable LocalityPath path) {
    return with(draft -> draft.locality = path);
  }

  public Candidate withState(State now) {
    return with(draft -> draft.state = now);
  }

  public Candidate withLoad(EngineLoad now) {
    return with(draft -> draft.load = now);
  }

  public Candidate withReport(@Nullable EngineReport said) {
    return with(draft -> draft.report = said);
  }

  public Candidate withSpeed(EngineSpeed learnt) {
    return with(draft -> draft.speed = learnt);
  }

  public Candidate withCachedTokens(long tokens) {
    return with(draft -> draft.cachedTokens = tokens);
  }

  public Candidate withSilentSeconds(double seconds) {
    return with(draft -> draft.silentSeconds = seconds);
  }

  private Candidate with(Consumer<CandidateDraft> change) {
    CandidateDraft draft = new CandidateDraft(this);
    change.accept(draft);
    return draft.candidate();
  }

  /** Prompt tokens it has to compute; at least 1, since the last one gives the first answer. */
  long uncached(Demand demand) {
    return Math.max(1, demand.inputTokens() - cachedTokens);
  }
}
