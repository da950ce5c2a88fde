package dev.tandem.topology.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameRangeTest {
  @Test
  void aListMixesNamesAndRangesAndKeepsZeros() {
    assertThat(NameRange.expand("a[08-10,12],b , c[1-2]-ib"))
        .containsExactly("a08", "a09", "a10", "a12", "b", "c1-ib", "c2-ib");
  }

  @Test
  void severalBracketsMultiply() {
    assertThat(NameRange.expand("r[1-2]n[01-02]"))
        .containsExactly("r1n01", "r1n02", "r2n01", "r2n02");
  }

  @Test
  void namesFoldIntoFewRanges() {
    assertThat(NameRange.fold(List.of("a10", "a08", "a09", "a12", "b", "c1-ib", "c2-ib", "a7")))
        .containsExactly("a7", "a[08-10,12]", "b", "c[1-2]-ib");
  }

  @Test
  void whatIsNoListIsRefusedWithTheReason() {
    for (String bad :
        List.of(
            "", ",", "a[", "a]", "a[1-", "a[]", "a[x]", "a[[1]]", "a[3-1]", "a[1-2-3]", "a,,b")) {
      assertThatThrownBy(() -> NameRange.expand(bad))
          .as(bad)
          .isExactlyInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("names: '");
    }
  }

  @Test
  void bracketsThatMultiplyBeyondTheBoundAreRefusedAtOnce() {
    for (String bad :
        List.of(
            "[0-9]".repeat(100_000),
            "[0-99999],".repeat(100) + "a",
            "a[" + "0-99999,".repeat(1_000) + "1]",
            "x".repeat(300))) {
      assertThatThrownBy(() -> NameRange.expand(bad))
          .isExactlyInstanceOf(IllegalArgumentException.class);
    }
  }
}
