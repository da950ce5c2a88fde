package dev.tandem.webhook.annotations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterOptionsTest {

  @Test
  void flagsAreSeparatedByAnyWhiteSpace() {
    assertThat(read("\n --policy=Session\t--session-header=x-user\n\n--objective=batch=-1 "))
        .containsExactly("--policy=Session", "--session-header=x-user", "--objective=batch=-1");
    assertThat(read(" \n")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--policy=prefixhash | accepted is --policy= and one of tandem, gpu-load-aware, PrefixHash,",
        "--policy= | accepted is --policy= and one of tandem,",
        "--policy | accepted is --policy= and one of tandem,",
        "--queue-entries=-1 | accepted is --queue-entries= and a whole number from 0 to 2147483647",
        "--decisions-kept=4097 | and a whole number from 0 to 4096",
        "--uncached-weight=0.5 | adaptive, or a number from 1 to 1000",
        "--queue-seconds=0 | a number of seconds from 0.001 to 86400",
        "--session-header=$(TOKEN) | a name of 1 to 128 letters, digits",
        "--objective=batch | NAME=PRIORITY, e.g. batch=-1",
        "--trusted-picker=10.0.0.0/33 | an IP address or a range such as 10.0.0.0/8",
        "--trusted-picker=gateway.llm | an IP address or a range such as 10.0.0.0/8",
        "--trusted-peer=10.0.0.0/8 | accepted is --trusted-peer= and an IP address",
        "--polcy=Session | no such flag; did you mean --policy=?",
        "policy=Session | no such flag; did you mean --policy=?",
        "Session | no such flag; accepted is --name=value with one of --policy,",
        "--port=9000 | cannot be set here: the webhook sets it; use annotation"
            + " production-stack.vllm.ai/port",
        "--config=/etc/router.yaml | cannot be set here: with a file the router takes no other flag",
      })
  void aFlagThatIsNotAcceptedIsRefusedWithWhatWouldBe(String flag, String accepted) {
    List<Problem> problems = new ArrayList<>();
    assertThat(RouterOptions.read("key", "--index=exact " + flag, problems))
        .isEqualTo(RouterOptions.NONE);
    assertThat(problems)
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("key: \"" + flag + "\": ")
        .contains(accepted);
  }

  @Test
  void onlyWhatTheRouterTakesTwiceMayComeTwice() {
    assertThat(read("--trusted-picker=10.0.0.0/8 --trusted-picker=fd00::/8")).hasSize(2);
    List<Problem> problems = new ArrayList<>();
    RouterOptions.read("key", "--index=exact --index=auto", problems);
    assertThat(problems)
        .containsExactly(
            new Problem("key", "--index=auto", "given twice; accepted is one --index"));
  }

  @Test
  void aLongTextIsRefusedUnread() {
    List<Problem> problems = new ArrayList<>();
    RouterOptions.read("key", "--objective=a=1 ".repeat(200), problems);
    assertThat(problems)
        .extracting(Problem::accepted)
        .containsExactly("accepted are at most 2048 characters");
  }

  @Test
  void overOthersTheyWinFlagByFlag() {
    RouterOptions installation =
        new RouterOptions(
            List.of("--policy=Session", "--objective=a=1", "--objective=b=2", "--index=exact"));
    assertThat(
            new RouterOptions(List.of("--objective=c=3", "--policy=PrefixHash"))
                .over(installation)
                .flags())
        .containsExactly("--index=exact", "--objective=c=3", "--policy=PrefixHash");
    assertThat(RouterOptions.NONE.over(installation)).isEqualTo(installation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--policy=best", "--port=1", "--policy=Session --index=auto", ""})
  void forAnInstallationABadFlagIsAnError(String flag) {
    assertThatThrownBy(() -> new RouterOptions(List.of(flag)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("router option: \"" + flag + "\": ");
  }

  private static List<String> read(String text) {
    List<Problem> problems = new ArrayList<>();
    RouterOptions options = RouterOptions.read("key", text, problems);
    assertThat(problems).isEmpty();
    return options.flags();
  }
}
