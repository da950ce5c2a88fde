package dev.tandem.topology.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterconnectTest {
  private static final Interconnect CLUSTER =
      Interconnect.of(
          TopologyFile.parse(
                  """
                  nodes:
                    - {names: 'a[0-1]', nvlink: n0, leaf: l0, spine: s0, core: c0, zone: z1, gpus: 8}
                    - {names: b, nvlink: n1, leaf: l0, spine: s0, core: c0, zone: z1, gpus: 8}
                    - {names: c, nvlink: n0, leaf: l1, spine: s0, core: c0, zone: z1, gpus: 8}
                    - {names: d, leaf: l2, spine: s1, core: c0, zone: z1, gpus: 8}
                    - {names: e, zone: z1, gpus: 8}
                    - {names: f, gpus: 8}
                  """)
              .nodes(),
          LinkSpeeds.defaults());

  @Test
  void theBottleneckIsTheWidestWayBetweenTwoNodes() {
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("a0", "a1")).isEqualTo(450);
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("a0", "b")).isEqualTo(50);
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("b", "c")).isEqualTo(25);
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("b", "d")).isEqualTo(12.5);
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("b", "e")).isEqualTo(3.1);
  }

  @Test
  void anNvlinkDomainAcrossLeavesJoinsItsNodesButBridgesNobodyElse() {
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("a0", "c")).isEqualTo(450);
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("b", "c")).isEqualTo(25);
  }

  @Test
  void nodesThatShareNothingKnownHaveNoBandwidth() {
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("a0", "f")).isZero();
  }

  @Test
  void aNodeReachesItselfOverItsFastestLink() {
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("a0", "a0")).isEqualTo(450);
    assertThat(CLUSTER.bottleneckGigabytesPerSecond("d", "d")).isEqualTo(50);
  }

  @Test
  void theLocalityPathGoesFromFarToNear() {
    assertThat(CLUSTER.locality("a0"))
        .hasToString(
            "zone=z1@3.1/tcp,core=c0@12.5/rdma,spine=s0@25/rdma,leaf=l0@50/rdma,"
                + "nvlink=n0@450/mnnvl,node=a0@50/pcie");
    assertThat(CLUSTER.locality("f")).hasToString("node=f@50/pcie");
  }

  @Test
  void anUnknownNodeIsRefusedByName() {
    assertThatThrownBy(() -> CLUSTER.locality("x")).hasMessageContaining("unknown node: x");
  }

  @Test
  void aLeafBelowTwoSpinesIsReported() {
    Interconnect crossed =
        Interconnect.of(
            List.of(
                new NodeFacts(
                    "a", Map.of(Level.LEAF, "l0", Level.SPINE, "s0"), 8, null, 0, List.of()),
                new NodeFacts(
                    "b", Map.of(Level.LEAF, "l0", Level.SPINE, "s1"), 8, null, 0, List.of())),
            LinkSpeeds.defaults());
    assertThat(crossed.problems())
        .containsExactly("b: leaf l0 is below spine s0 and below spine s1");
  }

  @Test
  void theNextGenerationCountsOn() {
    assertThat(CLUSTER.generation()).isZero();
    assertThat(CLUSTER.next(CLUSTER.nodes().values()).generation()).isEqualTo(1);
  }
}
