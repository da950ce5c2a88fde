package dev.tandem.extender.http;

import java.util.Locale;

/** What kube-scheduler calls. */
enum Verb {
  FILTER,
  PRIORITIZE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
