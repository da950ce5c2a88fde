package dev.tandem.cli.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the policies cost an API server by themselves, with no webhook registered: when a pod is
 * created, when a kubelet reports on it, and when somebody labels it.
 */
final class PolicyCost {

  /** The pods that are reported on and labelled. */
  private static final String STAYING = "policies";

  /** The pods that are created to be counted, and deleted. */
  private static final String COMING = "policies-new";

  private static final String NAME = "pod-of-the-benchmark";
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** Enough for several collections of garbage in each figure: one more is a tenth of it. */
  private static final int CALLS_A_POD = 2;

  private final KubernetesClient client;
  private final ApiServerCalls server;
  private final Policies policies;
  private final Map<Whose, String> posted;
  private final int pods;
  private final PrintWriter out;

  /** So that no patch leaves a pod as it is. */
  private int calls;

  private enum Whose {
    OTHERS,
    OURS
  }

  private enum Case {
    OTHER_CREATED("a pod that did not opt in, created", Whose.OTHERS),
    OTHER_REPORTED("a pod that did not opt in, reported on by a kubelet", Whose.OTHERS),
    OTHER_LABELLED("a pod that did not opt in, labelled", Whose.OTHERS),
    INJECTED_CREATED("an injected pod, created", Whose.OURS),
    INJECTED_REPORTED("an injected pod, reported on by a kubelet", Whose.OURS),
    INJECTED_LABELLED("an injected pod, labelled", Whose.OURS);

    private final String text;
    private final Whose whose;

    Case(String text, Whose whose) {
      this.text = text;
      this.whose = whose;
    }
  }

  /** Processor milliseconds of the API server, with the policies and without. */
  private record Round(Map<Case, Double> without, Map<Case, Double> with) {

    private String text() {
      return Arrays.stream(Case.values())
          .map(each -> "%.2f, %.2f".formatted(without.get(each), with.get(each)))
          .collect(Collectors.joining("; "));
    }
  }

  /**
   * @param pods of each kind that are there to be changed
   */
  PolicyCost(
      KubernetesClient client, ApiServerCalls server, Policies policies, int pods, PrintWriter out)
      throws IOException {
    this.client = client;
    this.server = server;
    this.policies = policies;
    posted =
        new EnumMap<>(
            Map.of(
                Whose.OTHERS, anywhere(SampleReview.otherPod(NAME)).toString(),
                Whose.OURS, anywhere(SampleReview.injectedPod(NAME)).toString()));
    this.pods = pods;
    this.out = out;
  }

  private static ObjectNode anywhere(String pod) throws IOException {
    ObjectNode tree = (ObjectNode) new JsonMapper().readTree(pod);
    tree.withObjectProperty("metadata").remove("namespace");
    return tree;
  }

  /** Takes one round that does not count and {@code rounds} that do, and says what they showed. */
  void measure(int rounds) {
    say("policies alone, processor ms of kube-apiserver a call, without and with them:");
    BenchNamespace.create(client, STAYING, Map.of());
    BenchNamespace.create(client, COMING, Map.of());
    for (Whose whose : Whose.values()) {
      server.forEach(pods, number -> List.of(creation(STAYING, whose, number)));
    }
    List<Round> counted = new ArrayList<>();
    for (int number = 0; number <= rounds; number++) {
      Round round = round(number % 2 == 0);
      if (number > 0) {
        counted.add(round);
      }
      say("  %s: %s", number == 0 ? "to warm up" : "round " + number, round.text());
    }
    policies.enforce(false);
    for (Case each : Case.values()) {
      say(
          "  %s: %s, %s",
          each.text,
          spread(counted.stream().map(Round::without), each),
          spread(counted.stream().map(Round::with), each));
    }
  }

  private static String spread(Stream<Map<Case, Double>> rounds, Case each) {
    return Spread.of(rounds.mapToDouble(round -> Objects.requireNonNull(round.get(each))).toArray())
        .text("%.2f");
  }

  private Round round(boolean withoutFirst) {
    if (withoutFirst) {
      Map<Case, Double> without = run(false);
      return new Round(without, run(true));
    }
    Map<Case, Double> with = run(true);
    return new Round(run(false), with);
  }

  private Map<Case, Double> run(boolean enforced) {
    policies.enforce(enforced);
    Map<Case, Double> millis = new EnumMap<>(Case.class);
    for (Case each : Case.values()) {
      // Twice, as with the webhook: the first pays for the garbage of the case before.
      var unused = millis(each);
      millis.put(each, millis(each));
    }
    return millis;
  }

  private double millis(Case each) {
    int count = pods * CALLS_A_POD;
    calls += count;
    ProcessorTime before = ProcessorTime.whenQuiet();
    server.forEach(count, number -> List.of(request(each, number)));
    Map<String, Double> millis = ProcessorTime.now().millisEach(before, count);
    client.pods().inNamespace(COMING).withGracePeriod(0).delete();
    Patience.await(
        "the pods are gone",
        BETWEEN_LOOKS,
        () -> client.pods().inNamespace(COMING).list().getItems().isEmpty());
    return millis.getOrDefault("kube-apiserver", 0.0);
  }

  private byte[] request(Case each, int number) {
    String pod = path(STAYING) + "/" + name(each.whose, number % pods);
    int value = calls + number;
    return switch (each) {
      case OTHER_CREATED, INJECTED_CREATED -> creation(COMING, each.whose, number);
      case OTHER_REPORTED, INJECTED_REPORTED ->
          server.mergePatch(
              pod + "/status", "{\"status\":{\"message\":\"call %d\"}}".formatted(value));
      case OTHER_LABELLED, INJECTED_LABELLED ->
          server.mergePatch(pod, "{\"metadata\":{\"labels\":{\"call\":\"%d\"}}}".formatted(value));
    };
  }

  private byte[] creation(String namespace, Whose whose, int number) {
    String pod = Objects.requireNonNull(posted.get(whose));
    return server.post(path(namespace), pod.replace(NAME, name(whose, number)));
  }

  private static String path(String namespace) {
    return "/api/v1/namespaces/" + namespace + "/pods";
  }

  private static String name(Whose whose, int number) {
    return whose.name().toLowerCase(Locale.ROOT) + "-" + number;
  }

  private void say(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
    out.flush();
  }
}
