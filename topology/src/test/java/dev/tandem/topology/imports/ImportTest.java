package dev.tandem.topology.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import dev.tandem.topology.facts.TopologyFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImportTest {
  @Test
  void aTopographModelGivesSwitchesZonesAndDomains() {
    Imported imported = Fixtures.read(Fixtures.MODEL);
    assertThat(imported.nodes()).hasSize(5);
    assertThat(Fixtures.node(imported, "gpu-03").levels())
        .isEqualTo(
            Map.of(
                Level.LEAF, "leaf-1",
                Level.SPINE, "spine-1",
                Level.CORE, "core",
                Level.ZONE, "z1",
                Level.NVLINK, "n1"));
    assertThat(Fixtures.node(imported, "gpu-04").block(Level.NVLINK)).isEqualTo("n2");
    assertThat(imported.findings()).isEmpty();
  }

  @Test
  void theOlderTopographModelIsReadToo() {
    assertThat(Fixtures.node(Fixtures.read(Fixtures.OLD_MODEL), "n2").levels())
        .isEqualTo(
            Map.of(
                Level.LEAF, "sw1",
                Level.SPINE, "sw2",
                Level.ZONE, "zone1",
                Level.NVLINK, "nvl1"));
  }

  @Test
  void aSlurmTreeIsReadWhateverTheCaseCommentsAndContinuations() {
    Imported imported = Fixtures.read(Fixtures.SLURM_TREE);
    assertThat(imported.nodes()).hasSize(10);
    assertThat(Fixtures.node(imported, "n06").levels())
        .isEqualTo(Map.of(Level.LEAF, "leaf1", Level.SPINE, "spine1", Level.CORE, "core"));
    assertThat(Fixtures.node(imported, "n10").block(Level.SPINE)).isEqualTo("spine0");
    assertThat(imported.findings()).isEmpty();
  }

  @Test
  void treeAndBlocksOfSlurmMergeIntoOne() {
    Imported merged =
        Imported.merge(
            List.of(
                Format.read(Fixtures.source(Fixtures.SLURM_TREE), null),
                Format.read(Fixtures.source(Fixtures.SLURM_BLOCKS), null)));
    assertThat(Fixtures.node(merged, "n01").levels())
        .isEqualTo(
            Map.of(
                Level.NVLINK,
                "rack1",
                Level.LEAF,
                "leaf0",
                Level.SPINE,
                "spine0",
                Level.CORE,
                "core"));
  }

  @Test
  void aMatrixOfNvlinkSpeedsUpTheNode() {
    Imported imported = Fixtures.read(Fixtures.MATRIX);
    assertThat(imported.nodes())
        .containsExactly(new NodeFacts("gpu-01", Map.of(), 2, null, 0, List.of()));
    assertThat(imported.links()).isEqualTo(Map.of(Level.NODE, Span.of(450, Transport.NVLINK)));
    assertThat(Fixtures.texts(imported, Finding.Kind.NOTE))
        .singleElement()
        .asString()
        .contains("25 GB/s a link");
  }

  @Test
  void oneNodeWithoutNvlinkMakesTheLevelPcieAndTheSpreadIsSaid() {
    String pcie = Fixtures.MATRIX.replace("NV18", "PHB");
    Imported merged =
        Imported.merge(
            List.of(
                Format.read(Fixtures.source(Fixtures.MATRIX), null),
                Format.read(new Source("g", "gpu-02", pcie), null)));
    LinkSpeeds.Link link = merged.file(0).speeds().link(Level.NODE);
    assertThat(link).isEqualTo(new LinkSpeeds.Link(50, Transport.PCIE));
    assertThat(Fixtures.texts(merged, Finding.Kind.NOTE))
        .contains("links.node: 50 to 450 GB/s seen; the narrowest counts");
  }

  @Test
  void aCycleAndASecondParentAreConflictsAndTheRestIsRead() {
    Imported imported =
        Fixtures.read(
            """
            SwitchName=a Switches=b
            SwitchName=b Switches=a
            SwitchName=c Switches=b
            SwitchName=b Nodes=n[1-2]
            SwitchName=x Nodes=n2,n3
            SwitchName=y Nodes=bad[3-1]
            SwitchName=z Nodes=no_good!
            Nonsense
            """);
    assertThat(Fixtures.texts(imported, Finding.Kind.CONFLICT))
        .containsExactly(
            "f.txt:2: switch a below b closes a cycle; left out",
            "f.txt:3: switch b is below a and below c; the first counts",
            "f.txt:5: node n2 is below b and below x; the first counts",
            "f.txt:6: names: 'bad[3-1]' counts down: 3-1; left out",
            "f.txt:7: 'no_good!' cannot be a node's name; left out",
            "f.txt:8: 'Nonsense' has neither SwitchName= nor BlockName=; left out");
    assertThat(imported.nodes()).extracting(NodeFacts::name).containsExactly("n1", "n2", "n3");
  }

  @Test
  void aNodeInTwoDomainsIsAConflict() {
    Imported imported = Fixtures.read("BlockName=r1 Nodes=a,b\nBlockName=r2 Nodes=b,c\n");
    assertThat(Fixtures.texts(imported, Finding.Kind.CONFLICT))
        .containsExactly("f.txt:2: node b is in nvlink r1 and r2; the first counts");
    assertThat(Fixtures.node(imported, "b").block(Level.NVLINK)).isEqualTo("r1");
  }

  @Test
  void twoFilesThatDisagreeAreAConflictAndTheEarlierCounts() {
    Imported merged =
        Imported.merge(
            List.of(
                Format.read(Fixtures.source("SwitchName=l1 Nodes=a,b\n"), null),
                Format.read(Fixtures.source("SwitchName=l2 Nodes=a,c\n"), null)));
    assertThat(Fixtures.texts(merged, Finding.Kind.CONFLICT))
        .containsExactly("node a: leaf l1 and l2; the first counts");
  }

  @Test
  void theFileWrittenIsTheFileRead() {
    TopologyFile file = Fixtures.read(Fixtures.MODEL).file(8);
    assertThat(TopologyFile.parse(file.yaml()).nodes())
        .containsExactlyInAnyOrderElementsOf(file.nodes());
    assertThat(file.nodes()).allMatch(node -> node.gpus() == 8);
  }

  @Test
  void whatIsNoDescriptionIsRefusedWithFileAndAcceptedFormats() {
    assertThatThrownBy(() -> Fixtures.read("hello"))
        .isExactlyInstanceOf(ImportRefused.class)
        .hasMessage(
            "f.txt: no format known to us; accepted: topograph, slurm, ibnetdiscover, nvidia-smi;"
                + " --format names it");
    assertThatThrownBy(() -> Fixtures.read("switches: [\n"))
        .isExactlyInstanceOf(ImportRefused.class)
        .hasMessageStartingWith("f.txt:1: not YAML");
    assertThatThrownBy(() -> Fixtures.read("SwitchName=a Switches=b\n"))
        .hasMessageStartingWith("f.txt: read as slurm, it names no node");
    assertThatThrownBy(() -> Source.of("f", "", new byte[] {(byte) 0xff, 0}))
        .isExactlyInstanceOf(ImportRefused.class)
        .hasMessageContaining("not UTF-8");
    assertThatThrownBy(() -> Source.of("f", "", new byte[(int) Source.MOST_BYTES + 1]))
        .isExactlyInstanceOf(ImportRefused.class)
        .hasMessageContaining("accepted: at most 33554432");
    assertThatThrownBy(() ->
            Format.read(Source.of("-", "", Fixtures.MATRIX.getBytes(StandardCharsets.UTF_8)), null))
        .isExactlyInstanceOf(ImportRefused.class)
        .hasMessageContaining("NODE=FILE");
  }
}
