package dev.tandem.extender.http;

import java.util.Locale;

/** What kube-scheduler calls. */
enum Verb {
  FILTER,
  PRIORITIZE,
  PREEMPT;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
