package dev.tandem.webhook.certificates;

/** Where the serving certificate comes from. */
public interface CertificateStore {

  /**
   * The certificate to serve with now; made where there is none. May block on the network.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  ServingCertificate obtain();
}
