package dev.tandem.topology.imports;

import dev.tandem.api.Level;
import dev.tandem.topology.facts.NodeFacts;
import java.util.List;

/** Small texts of every format, and a generated fabric. */
final class Fixtures {
  static final String MODEL =
      """
      switches:
        core:
          labels: {topology.kubernetes.io/region: r1}
          switches: [spine-1, spine-2]
        spine-1:
          labels: {topology.kubernetes.io/zone: z1}
          switches: [leaf-1]
        spine-2:
          labels: {topology.kubernetes.io/zone: z2}
          switches: [leaf-2]
      blocks:
      - switch: leaf-1
        nodes: ["gpu-[01-02]", gpu-03]
        labels: {accelerator.topograph.run/domain: n1}
      - switch: leaf-2
        nodes: ["gpu-[04-05]"]
        annotations: {accelerator.topology.test/domain: n2}
      """;

  static final String OLD_MODEL =
      """
      switches:
      - name: sw2
        metadata: {availability_zone: zone1}
        switches: [sw1]
      - name: sw1
        capacity_blocks: [cb1]
      capacity_blocks:
      - name: cb1
        type: GB200
        nvlink: nvl1
        nodes: [n1, n2]
      """;

  static final String SLURM_TREE =
      """
      # the whole of it
      switchname=core Switches=spine[0-1]
      SwitchName=spine0 Switches=leaf[0,2] LinkSpeed=400
      SwitchName=spine1 \\
         Switches=leaf1
      SwitchName=leaf0 Nodes=n[01-04]  # a rack
      SwitchName=leaf1 Nodes=n[05-08]
      SwitchName=leaf2 Nodes=n09,n10
      """;

  static final String SLURM_BLOCKS =
      """
      BlockName=rack1 Nodes=n[01-04]
      BlockName=rack2 Nodes=n[05-08]
      BlockSizes=4,8
      """;

  static final String MATRIX =
      """
      \t\u001b[4mGPU0\tGPU1\tNIC0\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\u001b[0m
      GPU0\t X \tNV18\tPXB\t0-51\t0\t\tN/A
      GPU1\tNV18\t X \tSYS\t52-103\t1\t\tN/A
      NIC0\tPXB\tSYS\t X

      Legend:
        X    = Self
        NV#  = Connection traversing a bonded set of # NVLinks
      """;

  private Fixtures() {}

  static Imported read(String text) {
    return Imported.merge(List.of(Format.read(source(text), null)));
  }

  static Source source(String text) {
    return new Source("f.txt", "gpu-01", text);
  }

  static NodeFacts node(Imported imported, String name) {
    return imported.nodes().stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no node " + name + " in " + imported.nodes()));
  }

  static List<String> texts(Imported imported, Finding.Kind kind) {
    return imported.findings().stream()
        .filter(finding -> finding.kind() == kind)
        .map(Finding::text)
        .toList();
  }

  /**
   * A rail-optimised fabric: units of hosts, a leaf for each of their NICs, spines shared by all
   * units of a pod, and core switches above two pods.
   *
   * @param uplinks cables from a leaf to each of the pod's four spines
   */
  static String fabric(int pods, int unitsOfPod, int hostsOfUnit, int rails, int uplinks) {
    StringBuilder text = new StringBuilder("# Topology file: generated\n");
    StringBuilder adapters = new StringBuilder();
    for (int pod = 0; pod < pods; pod++) {
      for (int unit = 0; unit < unitsOfPod; unit++) {
        for (int rail = 0; rail < rails; rail++) {
          String leaf = "S-1%02d%02d%02d".formatted(pod, unit, rail);
          head(text, "Switch", leaf, "MF0;leaf-%d-%d-%d:MQM9700/U1".formatted(pod, unit, rail));
          for (int host = 0; host < hostsOfUnit; host++) {
            String name = "gpu-%d-%d-%02d".formatted(pod, unit, host);
            String guid = "H-%02d%02d%02d%02d".formatted(pod, unit, host, rail);
            line(text, host + 1, guid, 1, name + " mlx5_" + rail, "4xNDR");
            head(adapters, "Ca", guid, name + " mlx5_" + rail);
            adapters
                .append(
                    "[1](00) \t\"%s\"[%d]\t\t# lid 1 lmc 0 \"x\" lid 2 4xNDR\n"
                        .formatted(leaf, host + 1))
                .append('\n');
          }
          for (int spine = 0; spine < 4; spine++) {
            for (int cable = 0; cable < uplinks; cable++) {
              line(
                  text,
                  40 + spine * uplinks + cable,
                  "S-2%02d%02d".formatted(pod, spine),
                  1 + (unit * rails + rail) * uplinks + cable,
                  "MF0;spine-%d-%d:MQM9700/U1".formatted(pod, spine),
                  "4xNDR");
            }
          }
          line(text, 65, "H-9" + leaf, 1, "Mellanox Technologies Aggregation Node", "4xNDR");
          text.append('\n');
        }
      }
      for (int spine = 0; spine < 4; spine++) {
        head(
            text,
            "Switch",
            "S-2%02d%02d".formatted(pod, spine),
            "MF0;spine-%d-%d:MQM9700/U1".formatted(pod, spine));
        for (int core = 0; core < 2; core++) {
          line(
              text,
              60 + core,
              "S-3%02d".formatted(core),
              pod * 4 + spine + 1,
              "core" + core,
              "4xNDR");
        }
        text.append('\n');
      }
    }
    return text.append(adapters).toString();
  }

  static void head(StringBuilder text, String kind, String guid, String description) {
    text.append(
        "vendid=0x2c9\n%s\t65 \"%s\"\t\t# \"%s\" enhanced port 0 lid 7 lmc 0\n"
            .formatted(kind, guid, description));
  }

  static void line(
      StringBuilder text, int port, String peer, int peerPort, String description, String speed) {
    text.append(
        "[%d]\t\"%s\"[%d](00) \t\t# \"%s\" lid 9 %s\n"
            .formatted(port, peer, peerPort, description, speed));
  }

  static final List<Level> FABRIC = List.of(Level.LEAF, Level.SPINE, Level.CORE);
}
