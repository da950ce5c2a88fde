package dev.tandem.webhook.certificates;

/** Nothing can be served, and what is stored is not ours to overwrite. */
public final class BadCertificates extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  BadCertificates(String place, String reason, String nextStep) {
    super("%s holds no usable certificate: %s; %s".formatted(place, reason, nextStep));
  }
}
