package dev.tandem.extender;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.topology.facts.KnownTopology;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.TopologyFile;
import dev.tandem.topology.graph.Interconnect;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OddTopologyTest {
  private static final KnownTopology THREE =
      KnownTopology.of(TopologyFile.parse("nodes: [{names: 'gpu-[0-2]', leaf: l0}]"));

  private final OddTopology odd = new OddTopology();

  private static Interconnect cluster(String... names) {
    return Interconnect.of(
        Stream.of(names)
            .map(name -> THREE.facts(name, Map.of(), 8))
            .toList(),
        LinkSpeeds.defaults());
  }

  @Test
  void aNameWithoutANodeIsToldOnceUntilItChanges() {
    assertThat(odd.news(THREE, cluster("gpu-0")))
        .containsExactly("described, but not in the cluster: gpu-[1-2]");
    assertThat(odd.news(THREE, cluster("gpu-0"))).isEmpty();
    assertThat(odd.news(THREE, cluster("gpu-0", "gpu-1")))
        .containsExactly("described, but not in the cluster: gpu-2");
    assertThat(odd.news(THREE, cluster("gpu-0", "gpu-1", "gpu-2"))).isEmpty();
    assertThat(odd.news(THREE, cluster("gpu-0", "gpu-1"))).hasSize(1);
  }
}
