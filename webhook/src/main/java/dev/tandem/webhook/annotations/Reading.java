package dev.tandem.webhook.annotations;

import java.util.List;

/**
 * What was read off a pod's metadata. Where there are problems the wishes hold defaults in the bad
 * places, so that the rest of the pod can be checked too and its author hears everything at once.
 *
 * @param wishes the typed values
 * @param problems what has to change; empty when all is well
 * @param warnings what looks unintended but does no harm
 */
public record Reading(Wishes wishes, List<Problem> problems, List<String> warnings) {
  public Reading {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
  }
}
