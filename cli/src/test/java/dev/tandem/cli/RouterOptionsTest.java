package dev.tandem.cli;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tandem.router.IndexConfig;
import dev.tandem.router.Main;
import dev.tandem.router.Policy;
import dev.tandem.router.RouterConfig;
import dev.tandem.webhook.annotations.RouterOption;
import dev.tandem.webhook.annotations.RouterOptions;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Manifests;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the webhook accepts for routers, held against the router's own command line. */
final class RouterOptionsTest {

  private static final long SEED = 1;

  private static final List<String> ADDRESSES =
      List.of("10.0.0.1", "255.255.255.255", "::1", "fd00::a:1", "::ffff:10.0.0.1");

  /** Values that are accepted, the outermost among them. */
  private static final Map<RouterOption, List<String>> VALUES =
      Map.ofEntries(
          entry(
              RouterOption.POLICY,
              Stream.concat(
                      Arrays.stream(Policy.values()).map(Policy::label), Stream.of("round-robin"))
                  .toList()),
          entry(RouterOption.UNCACHED_WEIGHT, List.of("adaptive", "1", "2.5", "1000")),
          entry(RouterOption.SPLIT_TOKENS, List.of("0", "2147483647")),
          entry(RouterOption.SPLIT_UNCACHED_TOKENS, List.of("0", "2147483647")),
          entry(RouterOption.SESSION_HEADER, List.of("x-user", "Session_1.a")),
          entry(RouterOption.SESSION_COOKIE, List.of("sid", "_ga")),
          entry(
              RouterOption.INDEX,
              Arrays.stream(IndexConfig.Source.values()).map(IndexConfig.Source::label).toList()),
          entry(RouterOption.INDEX_BLOCKS, List.of("1", "2147483647")),
          entry(
              RouterOption.TOKENIZE,
              Arrays.stream(IndexConfig.Tokenize.values())
                  .map(IndexConfig.Tokenize::label)
                  .toList()),
          entry(RouterOption.TOKENIZE_MILLIS, List.of("1", "60000")),
          entry(RouterOption.MAX_IN_FLIGHT, List.of("1", "2147483647")),
          entry(RouterOption.QUEUE_ENTRIES, List.of("0", "2147483647")),
          entry(RouterOption.QUEUE_BYTES, List.of("0", "2147483647")),
          entry(RouterOption.QUEUE_SECONDS, List.of("0.001", "30", "86400")),
          entry(RouterOption.OBJECTIVE, List.of("batch=-1", "critical.a-b=999999999")),
          entry(RouterOption.MAX_BODY_BYTES, List.of("1", "2147483647")),
          entry(RouterOption.DECISIONS_KEPT, List.of("0", "4096")),
          entry(
              RouterOption.TRUSTED_PICKER,
              Stream.concat(ADDRESSES.stream(), Stream.of("0.0.0.0/0", "10.1.0.0/32", "fd00::/128"))
                  .toList()),
          entry(RouterOption.TRUSTED_PEER, ADDRESSES));

  @Test
  void everyFlagOfTheRouterIsAcceptedOrRefusedForAReason() {
    Set<String> known = new TreeSet<>(RouterOption.NOT_HERE.keySet());
    for (RouterOption option : RouterOption.values()) {
      assertThat(known.add(option.flag())).as("%s is also refused", option).isTrue();
    }
    assertThat(known).isEqualTo(routerFlags().keySet());
  }

  @ParameterizedTest
  @EnumSource
  void whatMayBeGivenTwiceIsWhatTheRouterTakesTwice(RouterOption option) {
    OptionSpec flag = Objects.requireNonNull(routerFlags().get(option.flag()), option.flag());
    assertThat(flag.isMultiValue()).isEqualTo(option.repeatable());
    assertThat(flag.arity().min()).as("values it needs").isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void theRouterTakesEveryValueThatIsAccepted(RouterOption option) {
    for (String value : values(option)) {
      assertThat(option.accepts(value)).as("%s=%s", option.flag(), value).isTrue();
      assertThatCode(() -> taken(option.flag() + "=" + value))
          .as("%s=%s", option.flag(), value)
          .doesNotThrowAnyException();
    }
  }

  /** Values one or two letters away from good ones: refused by us, or taken by the router. */
  @ParameterizedTest
  @EnumSource
  void noValueIsAcceptedThatTheRouterRefuses(RouterOption option) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<String> values = values(option);
    for (int i = 0; i < 100; i++) {
      StringBuilder value = new StringBuilder(values.get(random.nextInt(values.size())));
      for (int change = 0; change <= random.nextInt(2); change++) {
        int at = random.nextInt(value.length() + 1);
        String put =
            random.nextInt(3) == 0 ? "" : "019-.:/=,@ \"'aeE$".substring(i % 17, i % 17 + 1);
        value.replace(at, Math.min(value.length(), at + random.nextInt(2)), put);
      }
      if (option.accepts(value.toString())) {
        assertThatCode(() -> taken(option.flag() + "=" + value))
            .as("seed %d: %s=%s", SEED, option.flag(), value)
            .doesNotThrowAnyException();
      }
    }
  }

  @Test
  void anInjectedRouterGoesByTheInstallationAndThenByThePod() throws IOException {
    RouterOptions installation =
        new RouterOptions(
            List.of("--policy=Session", "--queue-entries=64", "--objective=batch=-1"));
    String pod =
        """
        kind: Pod
        metadata:
          name: a
          labels: {production-stack.vllm.ai/inject: "true"}
          annotations: {production-stack.vllm.ai/router-options: "--policy=PrefixHash --index=exact"}
        spec:
          containers: [{name: vllm, image: "vllm/vllm-openai:v0.26.0", args: [--model, m]}]
        """;
    InjectionResult.Injected injected =
        (InjectionResult.Injected)
            new Manifests(new Injector(InjectionConfig.DEFAULT.with(installation)))
                .inject(pod, false)
                .outcomes()
                .getFirst()
                .result();
    RouterConfig config =
        Main.parse(
            StreamSupport.stream(
                    injected.pod().at("/spec/initContainers/0/args").spliterator(), false)
                .map(arg -> arg.asText())
                .toList(),
            Map.of());
    assertThat(config.routing().policy()).isEqualTo(Policy.PREFIX_HASH);
    assertThat(config.index().source()).isEqualTo(IndexConfig.Source.EXACT);
    assertThat(config.routing().queue().entries()).isEqualTo(64);
    assertThat(config.routing().objectives()).isEqualTo(Map.of("batch", -1));
  }

  private static List<String> values(RouterOption option) {
    return Objects.requireNonNull(VALUES.get(option), "no values to try");
  }

  private static RouterConfig taken(String flag) {
    return Main.parse(List.of("router", "--model=m", flag), Map.of("POD_IP", "10.0.0.1"));
  }

  private static Map<String, OptionSpec> routerFlags() {
    return new CommandLine(new Main())
        .getCommandSpec().options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .collect(Collectors.toMap(OptionSpec::longestName, option -> option));
  }
}
