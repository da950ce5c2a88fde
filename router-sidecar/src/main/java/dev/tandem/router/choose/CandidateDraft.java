package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.Role;
import org.jspecify.annotations.Nullable;

/** A {@link Candidate} while one of its values is changed. */
final class CandidateDraft {

  final String name;
  final Role role;
  final @Nullable String group;
  final @Nullable String model;
  @Nullable String compatibility;
  @Nullable LocalityPath locality;
  Candidate.State state;
  EngineLoad load;
  @Nullable EngineReport report;
  EngineSpeed speed;
  long cachedTokens;
  double silentSeconds;

  CandidateDraft(Candidate candidate) {
    name = candidate.name();
    role = candidate.role();
    group = candidate.group();
    model = candidate.model();
    compatibility = candidate.compatibility();
    locality = candidate.locality();
    state = candidate.state();
    load = candidate.load();
    report = candidate.report();
    speed = candidate.speed();
    cachedTokens = candidate.cachedTokens();
    silentSeconds = candidate.silentSeconds();
  }

  Candidate candidate() {
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
        silentSeconds);
  }
}
