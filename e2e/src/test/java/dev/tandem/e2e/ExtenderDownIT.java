package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.cli.controlplane.SchedulerConfiguration;
import dev.tandem.extender.Extender;
import dev.tandem.extender.ExtenderConfig;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two schedulers whose extender does not answer: one waits for it, one goes on without it. */
@ExtendWith(ControlPlaneExtension.class)
final class ExtenderDownIT {
  private static RealControlPlane.Scheduler waiting;
  private static RealControlPlane.Scheduler goingOn;
  private static Workspace workspace;
  private static Path account;

  @BeforeAll
  static void startSchedulersWithoutTheirExtender(RealControlPlane plane) {
    new Manifests(plane).installRights();
    workspace = Workspace.create(plane.client(), "extender-down", Map.of());
    account = plane.kubeconfigOfServiceAccount("tandem-system", "tandem-scheduler");
    URI nobody = URI.create("http://127.0.0.1:" + Ports.free());
    waiting = start(plane, "waiting", nobody, false, account);
    goingOn = start(plane, "going-on", nobody, true, account);
  }

  @AfterAll
  static void stopThem() {
    waiting.close();
    goingOn.close();
    workspace.close();
  }

  @Test
  void podsOfItsSchedulerWaitWhereItIsNotIgnorable() {
    workspace.create(scheduledBy("waiting"));

    PodCondition refusal = workspace.refused("by-waiting");

    assertThat(refusal.getReason()).isEqualTo("SchedulerError");
    assertThat(refusal.getMessage()).contains("/filter").contains("connection refused");
    assertThat(workspace.get("by-waiting").getSpec().getNodeName()).isNull();
  }

  @Test
  void podsThatWaitedArePlacedWhenTheExtenderComesUp(RealControlPlane plane) {
    int port = Ports.free();
    URI late = URI.create("http://127.0.0.1:" + port);
    try (RealControlPlane.Scheduler patient = start(plane, "patient", late, false, account);
        KubernetesClient client = InstalledScheduler.extenderClient(plane)) {
      workspace.create(scheduledBy("patient"));
      workspace.refused("by-patient");

      try (Extender extender = Extender.start(ExtenderConfig.defaults().withPort(port), client)) {
        InstalledScheduler.awaitReady(extender);

        assertThat(workspace.bound("by-patient").getSpec().getNodeName()).startsWith("gpu-");
      }
    }
  }

  @Test
  void podsOfItsSchedulerGoOnWhereItIsIgnorable() {
    workspace.create(scheduledBy("going-on"));

    assertThat(workspace.bound("by-going-on").getSpec().getNodeName()).startsWith("gpu-");
  }

  @Test
  void podsOfOtherSchedulersAreUntouched() {
    workspace.create(workspace.plainPod("by-default").build());

    assertThat(workspace.bound("by-default").getSpec().getNodeName()).startsWith("gpu-");
  }

  private static Pod scheduledBy(String scheduler) {
    return workspace
        .plainPod("by-" + scheduler)
        .editSpec()
        .withSchedulerName(scheduler)
        .endSpec()
        .build();
  }

  private static RealControlPlane.Scheduler start(
      RealControlPlane plane, String name, URI extender, boolean ignorable, Path account) {
    SchedulerConfiguration configuration =
        new SchedulerConfiguration(name, extender, ignorable, Duration.ofSeconds(1), List.of());
    return plane.startScheduler(name, configuration.toJson(), account);
  }
}
