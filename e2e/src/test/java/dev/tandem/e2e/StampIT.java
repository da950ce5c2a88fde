package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Binds by the default scheduler, which knows nothing of us. */
@ExtendWith(ControlPlaneExtension.class)
final class StampIT {
  private static InstalledWebhook webhook;
  private static Workspace optedIn;
  private static Workspace other;

  @BeforeAll
  static void install(RealControlPlane plane) {
    webhook = InstalledWebhook.start(plane);
    optedIn = Workspace.create(plane.client(), "stamped", Map.of(Keys.INJECT, "true"));
    other = Workspace.create(plane.client(), "not-stamped", Map.of());
  }

  @AfterAll
  static void uninstall() {
    optedIn.close();
    other.close();
    webhook.close();
  }

  @Test
  void aPodOfANamespaceThatOptedInIsStampedInTheWriteThatBindsIt() {
    Pod pod =
        Examples.vllmPod(
            optedIn.namespace(), "by-default-scheduler", Map.of(Keys.KEEP, "schedulerName"));
    optedIn.create(pod);

    Pod bound = optedIn.bound("by-default-scheduler");

    assertThat(bound.getSpec().getSchedulerName()).isEqualTo("default-scheduler");
    assertThat(Stamps.localityOf(bound).steps().getLast())
        .satisfies(step -> {
          assertThat(step.level()).isEqualTo("node");
          assertThat(step.value()).isEqualTo(bound.getSpec().getNodeName());
        });
    assertThat(Stamps.localityOf(bound).toString()).contains("zone=z1@").contains("nvlink=");
  }

  @Test
  void aStampThatAPodBringsAlongIsReplaced() {
    Pod forged =
        Examples.vllmPod(
            optedIn.namespace(),
            "forged",
            Map.of(Keys.KEEP, "schedulerName", Keys.LOCALITY, "node=elsewhere@9000/nvlink"));

    Pod created = optedIn.create(forged);
    Pod bound = optedIn.bound("forged");

    assertThat(created.getMetadata().getAnnotations()).doesNotContainKey(Keys.LOCALITY);
    assertThat(Stamps.localityOf(bound).toString()).doesNotContain("elsewhere");
  }

  @Test
  void aPodOfAnotherNamespaceIsLeftAlone() {
    other.create(other.plainPod("plain").build());

    assertThat(other.bound("plain").getMetadata().getAnnotations()).isNullOrEmpty();
  }
}
