package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.api.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolTest {

  private final Pool pool = new Pool(null, List.of());

  private static Peer peer(String name, @Nullable String model) {
    return new Peer(name, "127.0.0.1", 8201, Peer.Kind.SIDECAR, Role.BOTH, null, model, null);
  }

  private List<String> serving(String model) {
    return pool.serving(model).stream().map(Peer::name).sorted().toList();
  }

  @Test
  void aModelIsServedByWhoHasItOrDoesNotSay() {
    pool.fixed(List.of(peer("a", "llama"), peer("b", "qwen"), peer("c", null)));
    assertThat(serving("llama")).containsExactly("a", "c");
  }

  @Test
  void aNameNobodyServesMayBeAnAdapterOfAnybody() {
    pool.fixed(List.of(peer("a", "llama"), peer("b", "qwen")));
    assertThat(serving("my-lora")).containsExactly("a", "b");
    assertThat(serving("")).containsExactly("a", "b");
  }
}
