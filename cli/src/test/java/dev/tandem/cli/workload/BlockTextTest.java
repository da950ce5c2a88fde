package dev.tandem.cli.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockTextTest {

  @Test
  void aPromptHasFourBytesForEachToken() {
    TraceRequest request = new TraceRequest(0, 700, 1, List.of(0L, 9L));

    assertThat(BlockText.prompt(request, 0)).hasSize(2_800).matches("[a-z ]+");
  }

  @Test
  void promptsShareTextExactlyAsFarAsTheyShareIds() {
    String one = BlockText.prompt(new TraceRequest(0, 1_536, 1, List.of(0L, 1L, 2L)), 0);
    String other = BlockText.prompt(new TraceRequest(0, 1_536, 1, List.of(0L, 1L, 3L)), 0);

    assertThat(one.substring(0, 4_096)).isEqualTo(other.substring(0, 4_096));
    assertThat(one.substring(4_096, 4_200)).isNotEqualTo(other.substring(4_096, 4_200));
  }

  @Test
  void anotherSaltSharesNothing() {
    TraceRequest request = new TraceRequest(0, 512, 1, List.of(0L));

    assertThat(BlockText.prompt(request, 1).substring(0, 64))
        .isNotEqualTo(BlockText.prompt(request, 2).substring(0, 64));
  }
}
