package dev.tandem.extender.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.edge.watch.LeanStore;
import dev.tandem.extender.decide.GpuResources;
import dev.tandem.topology.facts.KnownTopology;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LeanObjectsTest {
  private static final Node NODE =
      new NodeBuilder()
          .withNewMetadata()
          .withName("n")
          .withResourceVersion("7")
          .addToLabels("topology.kubernetes.io/zone", "z")
          .addToAnnotations("long", "text")
          .endMetadata()
          .withNewSpec()
          .withUnschedulable(true)
          .addNewTaint()
          .withKey("k")
          .withEffect("NoSchedule")
          .endTaint()
          .endSpec()
          .withNewStatus()
          .withAllocatable(Map.of("nvidia.com/gpu", new Quantity("8")))
          .addNewCondition()
          .withType("Ready")
          .withStatus("False")
          .withMessage("a long story")
          .endCondition()
          .addNewImage()
          .addToNames("vllm")
          .endImage()
          .endStatus()
          .build();

  @Test
  void theFactsOfALeanNodeAreThoseOfTheWholeOne() {
    LeanStore<Node> store = LeanObjects.nodes();
    store.put(store.getKey(NODE), NODE);
    Node lean = Objects.requireNonNull(store.get("n"));
    KubernetesFacts facts = new KubernetesFacts(GpuResources.of("nvidia.com/gpu"));
    assertThat(facts.node(lean, KnownTopology.nothing()))
        .isEqualTo(facts.node(NODE, KnownTopology.nothing()));
    assertThat(lean.getStatus().getImages()).isEmpty();
    assertThat(lean.getMetadata().getAnnotations()).isEmpty();
  }

  @Test
  void aLeanPodStillSaysWhichOneItIs() {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace("llm")
            .withName("p")
            .withUid("u")
            .withResourceVersion("7")
            .endMetadata()
            .withNewSpec()
            .withNodeName("n")
            .endSpec()
            .build();
    LeanStore<Pod> store = LeanObjects.pods();
    assertThat(store.put(store.getKey(pod), pod)).isNull();
    Pod lean = Objects.requireNonNull(store.put("llm/p", pod));
    assertThat(KubernetesFacts.uid(lean)).isEqualTo("u");
    assertThat(lean.getMetadata().getResourceVersion()).isEqualTo("7");
    assertThat(lean.getSpec()).isNull();
  }
}
