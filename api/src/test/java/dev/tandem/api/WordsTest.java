package dev.tandem.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordsTest {

  @Test
  void aGroupSizeIsReadAndWritten() {
    GroupSize.Parsed parsed = GroupSize.parse(" decode=2, prefill=4");

    assertThat(parsed)
        .isInstanceOfSatisfying(
            GroupSize.Valid.class,
            valid -> {
              assertThat(valid.size()).hasToString("prefill=4,decode=2");
              assertThat(valid.size().total()).isEqualTo(6);
              assertThat(valid.size().of(Role.DRAFT)).isZero();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "prefill",
        "prefill=0",
        "prefill=-1",
        "prefill=x",
        "cook=1",
        "prefill=1,",
        "prefill=1,prefill=2",
        "prefill=1025",
        "prefill=99999999999"
      })
  void aBadGroupSizeSaysWhatIsAccepted(String value) {
    assertThat(GroupSize.parse(value))
        .isInstanceOfSatisfying(
            GroupSize.Invalid.class, invalid -> assertThat(invalid.reason()).isNotBlank());
  }

  @Test
  void rolesLevelsAndTransportsAreTheirLowerCaseNames() {
    assertThat(Role.parse("prefill")).isEqualTo(Role.PREFILL);
    assertThat(Role.parse("Prefill")).isNull();
    assertThat(Role.accepted()).isEqualTo("prefill, decode, both, draft, target");
    assertThat(Level.parse("nvlink")).isEqualTo(Level.NVLINK);
    assertThat(Transport.parse("mnnvl")).isEqualTo(Transport.MNNVL);
  }

  @Test
  void aModelIsFoundByTheNameUsersWrite() {
    assertThat(ModelFacts.of("meta-llama/Llama-3.1-70B-Instruct").kvBytesPerToken())
        .isEqualTo(327_680);
    assertThat(ModelFacts.of("/models/Meta_Llama-3-8B").kvBytesPerToken()).isEqualTo(131_072);
    assertThat(ModelFacts.of("some-lab/some-model").known()).isFalse();
  }

  @Test
  void ranksMoveTheirSharesSideBySideAndReplicatedCachesWhole() {
    ModelFacts llama = ModelFacts.of("Llama-3-70B");
    assertThat(llama.transfer(16, 1, 8).bytes()).isEqualTo(16 * 327_680L);
    assertThat(llama.transfer(16, 4, 8).bytes()).isEqualTo(16 * 327_680L / 4);
    assertThat(llama.transfer(16, 16, 16).bytes()).isEqualTo(16 * 327_680L / 8);
    assertThat(ModelFacts.of("DeepSeek-V3").transfer(16, 8, 8).bytes()).isEqualTo(16 * 70_272L);
    assertThat(llama.transfer(17, 1, 1).descriptors()).isEqualTo(2 * 80);
    assertThat(llama.transfer(0, 1, 1)).isEqualTo(Transfer.NONE);
  }
}
