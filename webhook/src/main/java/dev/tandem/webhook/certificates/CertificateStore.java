package dev.tandem.webhook.certificates;

import org.jspecify.annotations.Nullable;

/** What the replicas share, with writes that only one of them wins. May block on the network. */
public interface CertificateStore {

  /** What is there. */
  sealed interface Stored {

    /** The resource version a write has to name; null where there is not even an object. */
    @Nullable String version();

    /** Nothing, or an object without any of our keys. */
    record Absent(@Nullable String version) implements Stored {}

    /** Usable. */
    record Good(CertificateSet set, @Nullable String version) implements Stored {}

    /** Something that cannot be used; it is left as it is, for whoever put it there to see. */
    record Bad(String reason, @Nullable String version) implements Stored {}
  }

  /**
   * What is there now.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  Stored read();

  /**
   * Writes, unless somebody else has written since {@code before} was read.
   *
   * @return whether the write was ours
   * @throws io.fabric8.kubernetes.client.KubernetesClientException where the API server refuses
   */
  boolean write(CertificateSet set, Stored before);

  /** Where it is, for a person. */
  String place();
}
