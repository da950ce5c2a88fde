package dev.tandem.webhook.certificates;

import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates by which an extender and a kube-scheduler of another pod know each other, in a
 * Secret both can mount: {@code ca.crt}, {@code tls.crt} and {@code tls.key} for the server, {@code
 * client.crt} and {@code client.key} for kube-scheduler.
 *
 * <p>An authority of its own, for ten years: kube-scheduler reads its configuration once, at its
 * start, so an authority that changes would cut it off until somebody restarts it. The client's
 * certificate lives as long, for the same reason; the server's one year, renewed at two thirds.
 */
public final class ExtenderCertificates {

  private static final Logger log = LoggerFactory.getLogger(ExtenderCertificates.class);

  static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
  static final Duration SERVER_LIFE = Duration.ofDays(365);
  static final String CLIENT = "client.crt";
  static final String CLIENT_KEY = "client.key";

  /** What kube-scheduler shows itself as. */
  static final String CLIENT_NAME = "kube-scheduler";

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final CertificateIssuer issuer;
  private final List<String> serverNames;
  private final Rotation rotation;
  private final Clock clock;

  /** Keeps them in Secret {@code namespace/name}; the server is reached by {@code serverNames}. */
  public ExtenderCertificates(
      KubernetesClient client,
      String namespace,
      String name,
      CertificateIssuer issuer,
      List<String> serverNames,
      Rotation rotation,
      Clock clock) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.issuer = issuer;
    this.serverNames = List.copyOf(serverNames);
    this.rotation = rotation;
    this.clock = clock;
  }

  /**
   * Makes what is missing and renews what is due; a Secret that cannot be read is left as it is.
   *
   * @throws IllegalStateException where it cannot be read
   * @throws KubernetesClientException where the API server refuses
   */
  public void settle() {
    Secret present = client.secrets().inNamespace(namespace).withName(name).get();
    try {
      if (present == null) {
        client.resource(first()).create();
        log.info("wrote the extender's certificates to Secret {}/{}", namespace, name);
      } else {
        renew(present);
      }
    } catch (KubernetesClientException e) {
      // Another replica was first; what it wrote is looked at next time.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException(
          "Secret %s/%s holds no usable certificates for the extender: %s; delete it, restart"
                  .formatted(namespace, name, e.getMessage())
              + " extender and kube-scheduler after a new one was made",
          e);
    }
  }

  private Secret first() {
    KeyedCertificate authority = issuer.authority("tandem extender authority", AUTHORITY_LIFE);
    KeyedCertificate server = server(authority);
    KeyedCertificate scheduler =
        issuer.leaf(authority, List.of(CLIENT_NAME), AUTHORITY_LIFE, Purpose.CLIENT);
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .addToLabels("app.kubernetes.io/part-of", "tandem")
        .endMetadata()
        .withType("kubernetes.io/tls")
        .addToData(
            Map.of(
                SecretCertificates.AUTHORITIES,
                encoded(authority.certificate()),
                SecretCertificates.AUTHORITY_KEY,
                SecretCertificates.encoded(Pem.write(authority.key())),
                CLIENT,
                encoded(scheduler.certificate()),
                CLIENT_KEY,
                SecretCertificates.encoded(Pem.write(scheduler.key()))))
        .addToData(served(server))
        .build();
  }

  private void renew(Secret present) throws GeneralSecurityException {
    Map<String, String> data = present.getData() == null ? Map.of() : present.getData();
    KeyedCertificate authority =
        new KeyedCertificate(
            Pem.certificates(SecretCertificates.text(data, SecretCertificates.AUTHORITIES))
                .getFirst(),
            Pem.privateKey(SecretCertificates.text(data, SecretCertificates.AUTHORITY_KEY)));
    authority.check();
    X509Certificate server =
        Pem.certificates(SecretCertificates.text(data, SecretCertificates.LEAF)).getFirst();
    if (!rotation.due(server, clock.instant())) {
      return;
    }
    client
        .resource(new SecretBuilder(present).addToData(served(server(authority))).build())
        .update();
    log.info("renewed the extender's server certificate in Secret {}/{}", namespace, name);
  }

  private KeyedCertificate server(KeyedCertificate authority) {
    return issuer.leaf(authority, serverNames, SERVER_LIFE, Purpose.SERVER);
  }

  private static Map<String, String> served(KeyedCertificate server) {
    return Map.of(
        SecretCertificates.LEAF,
        encoded(server.certificate()),
        SecretCertificates.LEAF_KEY,
        SecretCertificates.encoded(Pem.write(server.key())));
  }

  private static String encoded(X509Certificate certificate) {
    return SecretCertificates.encoded(Pem.write(certificate));
  }
}
