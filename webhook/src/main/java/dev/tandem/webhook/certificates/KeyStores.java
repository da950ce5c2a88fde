package dev.tandem.webhook.certificates;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;

/** Key stores in memory. */
final class KeyStores {

  private KeyStores() {}

  /** A PKCS #12 store that holds the leaf, its key and the authority. */
  static KeyStore of(ServingCertificate certificate) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "serving",
          certificate.leafKey(),
          ServingCertificate.KEY_STORE_PASSWORD.toCharArray(),
          new Certificate[] {certificate.leaf(), certificate.authority()});
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot hold the serving certificate: " + e.getMessage(), e);
    }
  }
}
