package dev.tandem.cli.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PodAddressesTest {

  private final PodAddresses addresses = PodAddresses.take();

  @AfterEach
  void leave() {
    addresses.close();
  }

  @Test
  void aPodKeepsItsAddress() {
    assertThat(addresses.of("llm", "a")).isEqualTo(addresses.of("llm", "a"));
  }

  @Test
  void twoRunsAtOnceNeverShareAnAddress() {
    try (PodAddresses other = PodAddresses.take()) {
      assertThat(other.of("llm", "a")).isNotEqualTo(addresses.of("llm", "a"));
      assertThat(host(other.of("llm", "a"))).isEqualTo(host(addresses.of("llm", "a")));
    }
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

  /** The part of an address that follows from the pod's name. */
  private static String host(String address) {
    return address.substring(address.indexOf('.', "127.".length()));
  }
}
