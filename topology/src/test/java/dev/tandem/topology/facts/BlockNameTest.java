package dev.tandem.topology.facts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Level;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockNameTest {
  /** Vectors of the FNV reference code (draft-eastlake-fnv, appendix with 64-bit FNV-1a). */
  @Test
  void theHashIsFnv1aOf64Bits() {
    Map<String, Long> vectors =
        Map.of(
            "", 0xcbf29ce484222325L,
            "a", 0xaf63dc4c8601ec8cL,
            "b", 0xaf63df4c8601f1a5L,
            "foobar", 0x85944171f73967e8L);
    vectors.forEach((text, hash) ->
        assertThat(BlockName.fnv64a(text.getBytes(UTF_8))).as(text).isEqualTo(hash));
  }

  @Test
  void aNameThatFitsALabelIsKept() {
    assertThat(BlockName.of("leaf-7")).isEqualTo("leaf-7");
    assertThat(BlockName.of("s".repeat(63))).hasSize(63);
  }

  @Test
  void aLongNameInAFileAndItsHashOnALabelAreOneBlock() {
    String name = "AVERYLONGSWITCHNAMETHATEXCEEDSSIXTYCHARACTERSFORTESTINGPURPOSES01";
    String hashed = BlockName.of(name);
    assertThat(hashed).matches("x[0-9a-f]{1,16}");
    TopologyFile file = TopologyFile.parse("nodes:\n  - {names: a, leaf: " + name + "}\n");
    NodeFacts labelled =
        NodeLabels.facts("b", Map.of("network.topology.nvidia.com/leaf", hashed), 8);
    assertThat(file.nodes().getFirst().block(Level.LEAF)).isEqualTo(labelled.block(Level.LEAF));
  }

  @Test
  void theBoundCountsBytesAsLabelsDo() {
    assertThat(BlockName.of("ü".repeat(31))).isEqualTo("ü".repeat(31));
    assertThat(BlockName.of("ü".repeat(32))).startsWith("x");
  }
}
