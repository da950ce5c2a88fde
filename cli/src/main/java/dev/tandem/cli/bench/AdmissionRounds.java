package dev.tandem.cli.bench;

import dev.tandem.api.Keys;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Has a real API server create and bind pods: without the webhook, without it and pods that are
 * injected already (the price of what it adds), with it and pods it leaves alone (the price of
 * being asked), with one that repeats our answers (the price of any webhook that gives them), and
 * with ours and pods it injects, called by a loopback URL and as a Service. The webhook runs all
 * the time. Which comes first changes with the round.
 */
final class AdmissionRounds {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  /** With less than this share of its pods stamped, a run is broken and not just busy. */
  private static final double LEAST_STAMPED = 0.95;

  private final KubernetesClient client;
  private final String namespace;
  private final Registrations registrations;
  private final PodArrival arrival;
  private final int pods;

  /**
   * One way of one round.
   *
   * @param podsASecond created and bound
   * @param millisAPod processor time for each pod, by program; the webhook is {@code java}
   * @param unstamped pods whose bind was not answered within its second
   */
  record Run(double podsASecond, Map<String, Double> millisAPod, long unstamped) {}

  /** What the webhook does in a run. */
  enum Way {
    /** Is not registered. */
    ABSENT("without", SampleReview::pod),
    /** Is not registered, and the pods are as it would leave them but for their stamp. */
    BEFOREHAND("without, injected before", SampleReview::injectedPod),
    /** Is asked about pods that are nobody's engine. */
    LEAVES_ALONE("left alone", SampleReview::otherPod),
    /** Another repeats its answers. */
    REPEATED("answers repeated", SampleReview::pod),
    /** Injects. */
    INJECTS("injected", SampleReview::pod),
    /** Injects, and is called as a Service is, over HTTP/1.1. */
    INJECTS_BY_SERVICE("injected through a Service", SampleReview::pod);

    final String text;
    private final UnaryOperator<String> pod;

    Way(String text, UnaryOperator<String> pod) {
      this.text = text;
      this.pod = pod;
    }

    private boolean asked() {
      return this != ABSENT && this != BEFOREHAND;
    }

    private boolean injected() {
      return this != ABSENT && this != LEAVES_ALONE;
    }
  }

  /** Every way of a round. */
  record Round(Map<Way, Run> runs) {

    Run run(Way way) {
      return Objects.requireNonNull(runs.get(way));
    }

    /** How many times the rate of {@code other} the rate of {@code way} is. */
    double ratio(Way way, Way other) {
      return run(way).podsASecond() / run(other).podsASecond();
    }
  }

  /**
   * The ways an API server is told of a webhook.
   *
   * @param ours as the webhook registers itself: by a loopback URL
   * @param byService the same webhook, by a Service
   * @param repeating the one that repeats its answers, by a loopback URL
   */
  record Registrations(
      MutatingWebhookConfiguration ours,
      MutatingWebhookConfiguration byService,
      MutatingWebhookConfiguration repeating) {}

  AdmissionRounds(
      KubernetesClient client,
      String namespace,
      Registrations registrations,
      PodArrival arrival,
      int pods) {
    this.client = client;
    this.namespace = namespace;
    this.registrations = registrations;
    this.arrival = arrival;
    this.pods = pods;
  }

  /** One round of all ways; the first, number 0, begins without the webhook. */
  Round round(int number) {
    Map<Way, Run> runs = new EnumMap<>(Way.class);
    List<Way> order = new ArrayList<>(List.of(Way.values()));
    Collections.rotate(order, number);
    for (Way way : order) {
      register(way);
      // Twice, and only the second counts: an API server whose heap is full of the pods of another
      // way collects garbage for them in this one (without the webhook, 290 and not 500 pods/s).
      var unused = run(way);
      runs.put(way, run(way));
    }
    return new Round(runs);
  }

  private Run run(Way way) {
    ProcessorTime before = ProcessorTime.whenQuiet();
    long start = System.nanoTime();
    arrival.arrive(pods, way.pod);
    double seconds = (System.nanoTime() - start) / 1e9;
    Map<String, Double> millis = ProcessorTime.now().millisEach(before, pods);
    long unstamped = unstamped(way);
    arrival.end();
    client.pods().inNamespace(namespace).withGracePeriod(0).delete();
    Patience.await("the pods are gone", BETWEEN_LOOKS, () -> stored().isEmpty());
    return new Run(pods / seconds, millis, unstamped);
  }

  /**
   * A run counts only if each pod is as the webhook would leave it; but an API server gives a bind
   * one second, and where processors are full for longer it goes on without the stamp.
   *
   * @return pods without stamp
   */
  private long unstamped(Way way) {
    int meant = way.asked() ? pods : 0;
    List<Pod> stored = stored();
    long injected = carrying(stored, Keys.INJECTED);
    long stamped = carrying(stored, Keys.LOCALITY);
    if (stored.size() != pods
        || injected != (way.injected() ? pods : 0)
        || stamped > meant
        || stamped < meant * LEAST_STAMPED) {
      throw new IllegalStateException(
          "of %d pods %d exist, %d were injected and %d stamped, where it was: %s"
              .formatted(pods, stored.size(), injected, stamped, way.text));
    }
    return meant - stamped;
  }

  private static long carrying(List<Pod> pods, String annotation) {
    return pods.stream()
        .map(pod -> pod.getMetadata().getAnnotations())
        .filter(all -> all != null && all.containsKey(annotation))
        .count();
  }

  private List<Pod> stored() {
    return client.pods().inNamespace(namespace).list().getItems();
  }

  /** Returns once the API server has learnt of it. */
  private void register(Way way) {
    client
        .resourceList(registrations.ours(), registrations.byService(), registrations.repeating())
        .delete();
    Patience.await("the webhook is forgotten", BETWEEN_LOOKS, () -> !probeIsInjected());
    switch (way) {
      case ABSENT, BEFOREHAND -> {}
      case LEAVES_ALONE, INJECTS -> registerAndAwait(registrations.ours());
      case INJECTS_BY_SERVICE -> registerAndAwait(registrations.byService());
      case REPEATED -> registerAndAwait(registrations.repeating());
    }
  }

  private void registerAndAwait(MutatingWebhookConfiguration configuration) {
    client.resource(configuration).create();
    Patience.await("the registration takes effect", BETWEEN_LOOKS, this::probeIsInjected);
  }

  private boolean probeIsInjected() {
    Pod probe = client.getKubernetesSerialization().unmarshal(SampleReview.pod("probe"), Pod.class);
    return client
        .resource(probe)
        .dryRun(true)
        .create()
        .getMetadata()
        .getAnnotations()
        .containsKey(Keys.INJECTED);
  }
}
