package dev.tandem.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.api.LocalityPath.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransferCostTest {

  private static final TransferCost COST = TransferCost.defaults();
  private static final Transfer PROMPT = ModelFacts.of("Llama-3.1-70B").transfer(6909, 4, 4);

  @Test
  void theFormulaAddsSetupPostsAndBytesOverTheEffectiveRate() {
    TransferCost cost =
        new TransferCost(Map.of(Transport.RDMA, new TransferCost.Overhead(0.001, 1e-6, 0.5)));
    Step leaf = new Step("leaf", "l0", 50, Transport.RDMA);

    assertThat(cost.seconds(leaf, new Transfer(25_000_000_000L, 1000), 0))
        .isCloseTo(0.001 + 0.001 + 1.0, within(1e-9));
    assertThat(cost.seconds(leaf, new Transfer(25_000_000_000L, 1000), 1))
        .isCloseTo(0.001 + 0.001 + 2.0, within(1e-9));
  }

  @Test
  void theCheapestSharedLevelCounts() {
    LocalityPath a = path("spine=s0@25/rdma,leaf=l0@50/rdma,nvlink=n0@450/mnnvl,node=a@50/pcie");
    LocalityPath b = path("spine=s0@25/rdma,leaf=l0@50/rdma,nvlink=n0@450/mnnvl,node=b@50/pcie");
    LocalityPath c = path("spine=s0@25/rdma,leaf=l9@50/rdma,nvlink=n9@450/mnnvl,node=c@50/pcie");

    assertThat(known(a, b, PROMPT).step().level()).isEqualTo("nvlink");
    assertThat(known(a, c, PROMPT).step().level()).isEqualTo("spine");
    assertThat(known(a, c, PROMPT).seconds()).isGreaterThan(known(a, b, PROMPT).seconds());
  }

  @Test
  void aCacheCutVerySmallIsFasterOverRdmaThanOverNvlink() {
    LocalityPath a = path("leaf=l0@50/rdma,nvlink=n0@450/mnnvl");

    assertThat(known(a, a, new Transfer(100_000_000, 100_000)).step().level()).isEqualTo("leaf");
    assertThat(known(a, a, new Transfer(4_900_000_000L, 5_000)).step().level()).isEqualTo("nvlink");
  }

  @Test
  void podsWithNothingInCommonHaveAnUnknownLink() {
    assertThat(COST.estimate(path("leaf=l0@50/rdma"), path("leaf=l1@50/rdma"), PROMPT, 0))
        .isInstanceOf(TransferCost.Unknown.class);
  }

  @Test
  void nothingToMoveCostsNothing() {
    assertThat(known(path("leaf=l0@50/rdma"), path("leaf=l0@50/rdma"), Transfer.NONE).seconds())
        .isZero();
  }

  @Test
  void overheadsOutsideTheirRangeAreRefused() {
    assertThatThrownBy(() -> new TransferCost.Overhead(0, 0, 1.1))
        .hasMessageContaining("efficiency 1.1");
    assertThatThrownBy(() -> new TransferCost.Overhead(-1, 0, 1)).hasMessageContaining("setup -1");
  }

  @Test
  void anOverrideOfOneTransportLeavesTheOthers() {
    TransferCost cost = new TransferCost(Map.of(Transport.TCP, new TransferCost.Overhead(0, 0, 1)));

    assertThat(cost.overheads()).hasSize(Transport.values().length);
    assertThat(cost.overheads().get(Transport.RDMA))
        .isEqualTo(COST.overheads().get(Transport.RDMA));
  }

  private static TransferCost.Known known(LocalityPath a, LocalityPath b, Transfer transfer) {
    return (TransferCost.Known) COST.estimate(a, b, transfer, 0);
  }

  private static LocalityPath path(String value) {
    return switch (LocalityPath.parse(value)) {
      case LocalityPath.Valid(LocalityPath path) -> path;
      case LocalityPath.Invalid invalid -> throw new AssertionError(List.of(value, invalid));
    };
  }
}
