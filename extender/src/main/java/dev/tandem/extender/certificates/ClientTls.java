package dev.tandem.extender.certificates;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS of somebody who asks an extender, from files in PEM. */
public final class ClientTls {

  private ClientTls() {}

  /**
   * Reads the files once.
   *
   * @param authority whom to trust, or null for the authorities Java brings along
   * @param certificate what to show, leaf first, or null to show none
   * @param key its private key; given if and only if the certificate is
   * @throws IOException if one cannot be read
   * @throws BadMaterialException if one is not what TLS needs; the message names the file
   */
  public static SSLContext context(
      @Nullable Path authority, @Nullable Path certificate, @Nullable Path key)
      throws IOException, BadMaterialException {
    try {
      TrustManager[] trusted = null;
      if (authority != null) {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(Material.trust(authority, Material.bytes(authority)));
        trusted = factory.getTrustManagers();
      }
      KeyManager[] shown = null;
      if (certificate != null && key != null) {
        KeyStore own =
            Material.identity(certificate, Material.bytes(certificate), key, Material.bytes(key));
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(own, Material.PASSWORD.toCharArray());
        shown = factory.getKeyManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PKIX and TLS", e);
    }
  }
}
