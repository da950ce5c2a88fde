package dev.tandem.cli.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;

/** A namespace in which pods can be created. */
final class BenchNamespace {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private BenchNamespace() {}

  /** Creates it, and returns when it has the account without which pods are refused. */
  static void create(KubernetesClient client, String name, Map<String, String> labels) {
    client
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
    Patience.await(
        "the namespace has its account",
        BETWEEN_LOOKS,
        () -> client.serviceAccounts().inNamespace(name).withName("default").get() != null);
  }
}
