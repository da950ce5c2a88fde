package dev.tandem.webhook.certificates;

/** Told what a person has to look into. Any thread; must not block. */
public interface CertificateAlarms {

  /** Something is wrong; what was served before is still served. */
  void raised(String reason);

  /** All is well again. */
  void cleared();
}
