package dev.tandem.webhook.certificates;

import java.util.List;

/** A certificate of this process alone, for runs outside a cluster. */
public final class InMemoryCertificates implements CertificateStore {

  private final CertificateIssuer issuer;
  private final List<String> names;

  public InMemoryCertificates(CertificateIssuer issuer, List<String> names) {
    this.issuer = issuer;
    this.names = List.copyOf(names);
  }

  @Override
  public ServingCertificate obtain() {
    return issuer.issue(names);
  }
}
