package dev.tandem.webhook.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.edge.cluster.MockCluster;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class RegistrarTest {

  private static final WebhookRegistration REGISTRATION =
      new WebhookRegistration(
          "tandem", "https://127.0.0.1:8443", List.of("scheduler"), List.of("kube-system"));

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final Registrar registrar = new Registrar(cluster.client());

  @Test
  void registeringTwiceLeavesOneConfigurationWithTheNewAuthority() {
    registrar.register(REGISTRATION, "old");
    registrar.register(REGISTRATION, "new");
    assertThat(configuration().getWebhooks())
        .hasSize(4)
        .allSatisfy(entry ->
            assertThat(entry.getClientConfig().getCaBundle())
                .isEqualTo(WebhookRegistration.encoded("new")));
  }

  @Test
  void everyEntryFailsOpenAndHasNoSideEffects() {
    assertThat(REGISTRATION.configuration("ca").getWebhooks())
        .allSatisfy(entry -> {
          assertThat(entry.getFailurePolicy()).isEqualTo("Ignore");
          assertThat(entry.getSideEffects()).isEqualTo("None");
          assertThat(entry.getMatchPolicy()).isEqualTo("Equivalent");
          assertThat(entry.getAdmissionReviewVersions()).containsExactly("v1");
        });
  }

  @Test
  void bindsWaitAtMostOneSecond() {
    assertThat(REGISTRATION.configuration("ca").getWebhooks())
        .filteredOn(entry -> entry.getRules().getFirst().getResources().contains("pods/binding"))
        .hasSize(2)
        .extracting(MutatingWebhook::getTimeoutSeconds)
        .containsOnly(1);
  }

  private MutatingWebhookConfiguration configuration() {
    return cluster
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName("tandem")
        .get();
  }
}
