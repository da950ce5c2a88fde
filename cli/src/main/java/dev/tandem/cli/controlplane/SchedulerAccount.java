package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;

/**
 * The service account our scheduler runs as. The webhook's entries know binds by our scheduler by
 * its user name, so a local run must use the account that {@code manifests/base} installs.
 */
final class SchedulerAccount {
  static final String NAMESPACE = "tandem-system";
  static final String NAME = "tandem-scheduler";

  private SchedulerAccount() {}

  /** Creates the account with a scheduler's rights where the manifests have not done so. */
  static void ensure(KubernetesClient client) {
    createIfAbsent(
        client, new NamespaceBuilder().withNewMetadata().withName(NAMESPACE).endMetadata().build());
    createIfAbsent(
        client,
        new ServiceAccountBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(NAME)
            .endMetadata()
            .build());
    for (String role : List.of("kube-scheduler", "volume-scheduler")) {
      createIfAbsent(
          client,
          new ClusterRoleBindingBuilder()
              .withNewMetadata()
              .withName("tandem-scheduler-as-" + role)
              .endMetadata()
              .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "system:" + role)
              .addNewSubject("", "ServiceAccount", NAME, NAMESPACE)
              .build());
    }
  }

  private static void createIfAbsent(KubernetesClient client, HasMetadata object) {
    if (client.resource(object).get() == null) {
      client.resource(object).create();
    }
  }
}
