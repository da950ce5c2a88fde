package dev.tandem.webhook.certificates;

/** For tests about something else. */
final class SilentAlarms implements CertificateAlarms {

  @Override
  public void raised(String reason) {}

  @Override
  public void cleared() {}
}
