package dev.tandem.webhook.certificates;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Whom the clients of the server trust. May block on the network. */
public interface ClientTrust {

  /**
   * Authorities that every client trusts now.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  Set<X509Certificate> read();

  /**
   * Makes clients trust these and no others; writes nothing where they do already.
   *
   * @param wanted asked after the present state was read, so that a replica that lags cannot undo
   *     what another has written since: its write names a resource version that is gone
   */
  void publish(Supplier<Optional<List<X509Certificate>>> wanted);
}
