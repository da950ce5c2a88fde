package dev.tandem.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.request.SessionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterConfigTest {

  private static final List<String> INJECTED =
      List.of(
          "router",
          "--port=8000",
          "--peer-port=8201",
          "--engine-port=8200",
          "--role=prefill",
          "--group=g",
          "--pool=p",
          "--model=m",
          "--kv-bytes-per-token=131072",
          "--tensor-parallel=4",
          "--locality-file=/etc/tandem/locality/locality");

  @Test
  void theArgumentsTheWebhookWritesAreUnderstood() {
    RouterConfig config =
        RouterConfig.parse(
            INJECTED,
            Map.of(
                "POD_NAME", "x-0",
                "POD_NAMESPACE", "ns",
                "POD_IP", "10.0.0.7",
                "KUBERNETES_SERVICE_HOST", "10.96.0.1",
                "KUBERNETES_SERVICE_PORT", "443"));
    assertThat(config)
        .isEqualTo(
            new RouterConfig(
                "x-0",
                "ns",
                "0.0.0.0",
                "10.0.0.7",
                8000,
                8201,
                "127.0.0.1",
                8200,
                Role.PREFILL,
                "g",
                "p",
                "m",
                131072,
                4,
                Path.of("/etc/tandem/locality/locality"),
                List.of(),
                Routing.DEFAULT,
                IndexConfig.DEFAULT,
                1.0,
                new Discovery.InCluster(
                    "10.96.0.1", 443, Path.of("/var/run/secrets/kubernetes.io/serviceaccount")),
                Limits.DEFAULT,
                RequestObserver.NONE));
  }

  @Test
  void aPodOnALoopbackAddressKeepsToIt() {
    RouterConfig config = RouterConfig.parse(List.of(), Map.of("POD_IP", "127.1.2.3"));
    assertThat(config.listenHost()).isEqualTo("127.1.2.3");
    assertThat(config.engineHost()).isEqualTo("127.1.2.3");
    assertThat(config.localAddress()).isEqualTo("127.1.2.3");
  }

  @Test
  void outsideAClusterThereIsNobodyToAsk() {
    assertThat(RouterConfig.parse(List.of(), Map.of()).discovery())
        .isInstanceOf(Discovery.Unavailable.class);
  }

  @Test
  void anUnknownFlagIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--prot=1"), Map.of()))
        .withMessageContaining("--prot");
  }

  @Test
  void aBadValueIsRefusedWithTheAcceptedOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--role=leader"), Map.of()))
        .withMessage("--role 'leader'; accepted: prefill, decode, both, draft, target");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--policy=best"), Map.of()))
        .withMessage(
            "policy 'best'; accepted: tandem, gpu-load-aware, PrefixHash, RoundRobin or"
                + " round-robin, LeastRequests, Session, gie_p3_q2_k2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--port=70000"), Map.of()))
        .withMessageContaining("accepted: 0 to 65535");
  }

  @Test
  void aFileGivesFixedEndpoints(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("router.yaml"),
            """
            listenHost: 127.0.0.1
            port: 0
            policy: round-robin
            endpoints:
              - {name: p0, host: 127.0.0.2, port: 8200, kind: engine, role: prefill, group: g}
            limits: {firstByteSeconds: 1.5, retries: 0}
            """);
    RouterConfig config = RouterConfig.parse(List.of("--config=" + file), Map.of());
    assertThat(config.routing().policy()).isEqualTo(Policy.ROUND_ROBIN);
    assertThat(config.hasEngine()).isFalse();
    assertThat(config.limits().firstByte()).hasMillis(1500);
    assertThat(config.discovery())
        .isEqualTo(
            new Discovery.Fixed(
                List.of(
                    new Peer(
                        "p0",
                        "127.0.0.2",
                        8200,
                        Peer.Kind.ENGINE,
                        Role.PREFILL,
                        "g",
                        null,
                        null))));
  }

  @Test
  void anUnknownKeyInAFileIsRefused(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("router.yaml"), "ports: 8000\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--config=" + file), Map.of()))
        .withMessageContaining("key 'ports'; accepted: decisionsKept, endpoints, engineHost");
  }

  @Test
  void aMissingFileIsRefusedInOneLine(@TempDir Path directory) {
    Path file = directory.resolve("absent.yaml");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--config=" + file), Map.of()))
        .withMessageStartingWith(file + ": no such file")
        .withMessageNotContaining("\n");
  }

  @Test
  void aFileThatIsNoYamlIsRefusedInOneLine(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("router.yaml"), "endpoints: [\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--config=" + file), Map.of()))
        .withMessageContaining("line ")
        .withMessageNotContaining("\n");
  }

  @Test
  void theHelpHasEveryPolicyWithALine() {
    String help = new picocli.CommandLine(new Main()).getUsageMessage().replaceAll("\\s+", " ");
    for (Policy policy : Policy.values()) {
      assertThat(help).contains(policy.label()).contains(policy.summary());
    }
  }

  @Test
  void howToChooseIsSaidByFlags() {
    Routing routing =
        RouterConfig.parse(
                List.of(
                    "--policy=Session",
                    "--split-tokens=512",
                    "--split-uncached-tokens=64",
                    "--uncached-weight=2.5",
                    "--session-header=x-chat",
                    "--objective=critical=10",
                    "--objective=batch=-1",
                    "--trusted-picker=10.0.0.0/8",
                    "--queue-entries=7",
                    "--queue-bytes=1000",
                    "--queue-seconds=1.5",
                    "--decisions-kept=3"),
                Map.of())
            .routing();
    assertThat(routing)
        .isEqualTo(
            new Routing(
                Policy.SESSION,
                512,
                64,
                2.5,
                new SessionKey("x-chat", "session_id"),
                Map.of("critical", 10, "batch", -1),
                List.of(new AddressRange("10.0.0.0/8")),
                new Routing.Queue(7, 1000, Duration.ofMillis(1500)),
                3));
  }

  @Test
  void andByAFile(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("router.yaml"),
            """
            policy: PrefixHash
            splitTokens: 512
            uncachedWeight: 4
            sessionCookie: chat
            objectives: {critical: 10}
            trustedPickers: [10.0.0.0/8, "::1"]
            queue: {entries: 7, longestSeconds: 1.5}
            decisionsKept: 3
            endpoints:
              - {name: p0, host: 127.0.0.2, port: 8201, kind: sidecar, servingPort: 8080, compatibility: abc}
            """);
    RouterConfig config = RouterConfig.parse(List.of("--config=" + file), Map.of());
    assertThat(config.routing())
        .isEqualTo(
            new Routing(
                Policy.PREFIX_HASH,
                512,
                0,
                4,
                new SessionKey("x-session-id", "chat"),
                Map.of("critical", 10),
                List.of(new AddressRange("10.0.0.0/8"), new AddressRange("::1")),
                new Routing.Queue(7, 64 << 20, Duration.ofMillis(1500)),
                3));
    assertThat(config.discovery())
        .isInstanceOfSatisfying(
            Discovery.Fixed.class,
            fixed -> {
              assertThat(fixed.endpoints().getFirst().servingAddress()).isEqualTo("127.0.0.2:8080");
              assertThat(fixed.endpoints().getFirst().compatibility()).isEqualTo("abc");
            });
  }

  @Test
  void questionsForTokenIdsAreSetByFlagsAndByAFile(@TempDir Path directory) throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("router.yaml"), "index: {tokenize: never, tokenizeMillis: 40}");
    IndexConfig expected =
        IndexConfig.DEFAULT.withTokenize(IndexConfig.Tokenize.NEVER, Duration.ofMillis(40));
    assertThat(RouterConfig.parse(List.of("--config=" + file), Map.of()).index())
        .isEqualTo(expected);
    assertThat(
            RouterConfig.parse(List.of("--tokenize=never", "--tokenize-millis=40"), Map.of())
                .index())
        .isEqualTo(expected);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--tokenize=always"), Map.of()))
        .withMessageContaining("tokenize 'always'; accepted: auto, never");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--tokenize-millis=0"), Map.of()))
        .withMessageContaining("tokenizeMillis 0; accepted: 1 or more");
  }

  @Test
  void aWeightOfUncachedWorkIsAWordOrANumberFromOne() {
    for (String weight : List.of("0.5", "0", "-1", "NaN", "1001", "auto", "")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> RouterConfig.parse(List.of("--uncached-weight=" + weight), Map.of()))
          .withMessageContaining(
              "uncached weight '" + weight + "'; accepted: adaptive, or a number from 1 to 1000");
    }
    assertThat(RouterConfig.parse(List.of("--uncached-weight=adaptive"), Map.of()).routing())
        .isEqualTo(Routing.DEFAULT);
  }

  @Test
  void aRangeThatIsNoneIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RouterConfig.parse(List.of("--trusted-picker=gateway"), Map.of()))
        .withMessageContaining("address range 'gateway'; accepted: an address or a range");
  }
}
