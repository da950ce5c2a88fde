package dev.tandem.webhook.certificates;

import java.security.GeneralSecurityException;

/** A certificate that somebody else makes and renews. May block. */
public interface IdentitySource {

  /**
   * What is there now.
   *
   * @throws GeneralSecurityException where it cannot be used, or is not there
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  Identity read() throws GeneralSecurityException;

  /** Where it is, for a person. */
  String place();

  /** Certificate chain and key as PEM texts, checked against each other. */
  static Identity of(String chainPem, String keyPem) throws GeneralSecurityException {
    Identity identity = new Identity(Pem.certificates(chainPem), Pem.privateKey(keyPem));
    new KeyedCertificate(identity.leaf(), identity.key()).check();
    return identity;
  }
}
