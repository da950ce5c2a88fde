package dev.tandem.cli.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.EmbeddedControlPlane;
import dev.tandem.cli.controlplane.EventualPod;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KubeletTest {

  private final Processes processes = new Processes();
  private EmbeddedControlPlane controlPlane;
  private KubernetesClient client;
  private Kubelet kubelet;

  @BeforeEach
  void start() {
    controlPlane = EmbeddedControlPlane.start(1);
    client = controlPlane.client();
    kubelet = Kubelet.start(client, processes);
  }

  @AfterEach
  void stop() {
    kubelet.close();
    controlPlane.close();
  }

  @Test
  void aBoundPodRunsAtItsOwnAddressAndBecomesReady() {
    create("p", "gpu-0");

    Pod ready = await("p", "True");

    assertThat(ready.getStatus().getPhase()).isEqualTo("Running");
    assertThat(processes.running).contains(ready.getStatus().getPodIP());
  }

  @Test
  void aPodWithoutANodeDoesNotRun() {
    create("waiting", null);
    create("p", "gpu-0");

    await("p", "True");

    assertThat(processes.running).hasSize(1);
  }

  @Test
  void aDeletedPodIsStopped() {
    create("p", "gpu-0");
    await("p", "True");

    client.pods().inNamespace("default").withName("p").withGracePeriod(0).delete();

    Awaitility.await("stopped").atMost(Duration.ofMinutes(1)).until(processes.running::isEmpty);
  }

  @Test
  void aPodThatCannotStartSaysWhy() {
    create("broken", "gpu-0");

    Pod pod = await("broken", "False", "no such flag");

    assertThat(pod.getStatus().getConditions())
        .filteredOn(condition -> condition.getType().equals("Ready"))
        .extracting(PodCondition::getReason)
        .containsExactly("StartError");
  }

  private void create(String name, @Nullable String node) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("default")
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  private Pod await(String name, String ready) {
    return await(name, ready, "");
  }

  private Pod await(String name, String ready, String message) {
    return EventualPod.of(
        client,
        name,
        pod ->
            pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                    .anyMatch(c ->
                        c.getType().equals("Ready")
                            && c.getStatus().equals(ready)
                            && Objects.toString(c.getMessage(), "").contains(message)));
  }

  /** Counts what runs; a pod called broken cannot. */
  private static final class Processes implements PodRuntime {
    private final Set<String> running = ConcurrentHashMap.newKeySet();

    @Override
    public Running start(Pod pod, String address) {
      if (pod.getMetadata().getName().equals("broken")) {
        throw new IllegalArgumentException("no such flag");
      }
      running.add(address);
      return new Running() {
        @Override
        public String obstacle() {
          return "";
        }

        @Override
        public void close() {
          running.remove(address);
        }
      };
    }

    @Override
    public void close() {}
  }
}
