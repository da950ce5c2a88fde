package dev.tandem.cli.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PodAddressesTest {

  private final PodAddresses addresses = new PodAddresses();

  @Test
  void aPodKeepsItsAddress() {
    assertThat(addresses.of("llm", "a")).isEqualTo(addresses.of("llm", "a"));
  }

  @Test
  void theSameNameHasTheSameAddressInEveryRun() {
    assertThat(new PodAddresses().of("llm", "a")).isEqualTo(addresses.of("llm", "a"));
  }

  @Test
  void noTwoPodsShareAnAddressAndNoneHasTheMachinesOwn() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      String address = addresses.of("llm", "pod-" + i);
      assertThat(seen.add(address)).isTrue();
      assertThat(address).startsWith("127.").doesNotStartWith("127.0.").matches("[0-9.]{9,15}");
    }
  }

  @Test
  void anAddressCanBeUsedAgainOnceItsPodIsGone() {
    String first = addresses.of("llm", "a");

    addresses.release("llm", "a");

    assertThat(addresses.of("llm", "a")).isEqualTo(first);
  }
}
