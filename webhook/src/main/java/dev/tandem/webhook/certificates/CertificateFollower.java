package dev.tandem.webhook.certificates;

import java.security.GeneralSecurityException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves what somebody else renews. What cannot be used is not served: the one before stays, and
 * the alarm tells. Not for several threads at once.
 */
public final class CertificateFollower {

  private static final Logger log = LoggerFactory.getLogger(CertificateFollower.class);

  private final IdentitySource source;
  private final ServedIdentity served;
  private final CertificateAlarms alarms;

  public CertificateFollower(
      IdentitySource source, ServedIdentity served, CertificateAlarms alarms) {
    this.source = source;
    this.served = served;
    this.alarms = alarms;
  }

  /**
   * Serves what is there now, or refuses to go on.
   *
   * @throws BadCertificates where it cannot be used
   */
  public void settleOrFail() {
    try {
      served.show(source.read());
    } catch (GeneralSecurityException e) {
      throw new BadCertificates(source.place(), String.valueOf(e.getMessage()), "put one there");
    }
  }

  /** Serves what is there now. */
  public void settle() {
    try {
      Identity identity = source.read();
      if (served.show(identity)) {
        log.info("serving the certificate of {}, valid to {}", source.place(), identity.expiry());
      }
      alarms.cleared();
    } catch (GeneralSecurityException e) {
      alarms.raised(
          "%s holds no usable certificate: %s%s"
              .formatted(
                  source.place(),
                  e.getMessage(),
                  served.current() == null ? "" : "; the one read before is still served"));
    }
  }
}
