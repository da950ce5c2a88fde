package dev.tandem.webhook.inject;

/**
 * One thing that is injected. A rule leaves alone what the user set, so that running it on its own
 * result changes nothing.
 */
interface Rule {

  /** Stable, kebab-case: names the rule in reports and in the reference page. */
  String name();

  /** When it changes something, in one phrase. */
  String condition();

  /** What would go wrong without it, in one sentence. */
  String reason();

  /** Changes the draft, or does not. */
  void apply(Draft draft);
}
