package dev.tandem.cli.up;

import dev.tandem.cli.page.EventStream;
import dev.tandem.cli.page.PageEvent;
import dev.tandem.cli.page.PlacementView;
import dev.tandem.cli.page.RequestsView;
import dev.tandem.cli.page.Run;
import dev.tandem.cli.report.PodPlace;
import dev.tandem.cli.report.RequestSummary;
import dev.tandem.cli.workload.Load;
import dev.tandem.cli.workload.Served;
import dev.tandem.router.RequestObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One run as it happens: what the clients saw ({@link Load.Listener}) and what the routers say
 * ({@link RequestObserver}), kept for the page and passed on to its event stream. Called from event
 * loops; every method is short and holds one lock. Times on the page are modelled seconds.
 */
final class LiveRun implements Load.Listener, RequestObserver {

  private record Route(@Nullable String prefillPod, String decodePod) {}

  private final Run run;
  private final double speedUp;
  private final EventStream events;
  private final Map<String, Integer> inFlight = new TreeMap<>();
  private final Map<String, Route> routes = new HashMap<>();
  private final List<RequestsView.Sample> samples = new ArrayList<>();
  private final List<Served> served = new ArrayList<>();
  private List<PodPlace> places = List.of();
  private long promptTokens;
  private int total;
  private int sent;
  private boolean counting;
  private long startNanos;

  LiveRun(Run run, double speedUp, EventStream events) {
    this.run = run;
    this.speedUp = speedUp;
    this.events = events;
  }

  /** The pods are placed; {@code meanPromptTokens} is what their transfers are predicted for. */
  synchronized void placed(List<PodPlace> pods, long meanPromptTokens) {
    places = pods;
    promptTokens = meanPromptTokens;
    pods.forEach(pod -> inFlight.putIfAbsent(pod.pod(), 0));
  }

  /** The requests that count begin now. */
  synchronized void begin(int requests) {
    total = requests;
    counting = true;
    startNanos = System.nanoTime();
  }

  @Override
  public synchronized void sent(int index) {
    sent++;
  }

  @Override
  public synchronized void ended(Served outcome) {
    served.add(outcome);
    Double first = outcome.firstTokenSeconds();
    if (first != null) {
      samples.add(new RequestsView.Sample(outcome.sentAtSeconds() + first, first * 1000));
    }
  }

  @Override
  public synchronized void routed(
      String id,
      @Nullable String prefillPod,
      String decodePod,
      double predictedSeconds,
      long bytes) {
    routes.put(id, new Route(prefillPod, decodePod));
    count(prefillPod, 1);
    count(decodePod, 1);
    if (counting) {
      events.publish(
          new PageEvent.Routed(
              run,
              id,
              now(),
              prefillPod,
              decodePod,
              bytes,
              transfer(prefillPod, decodePod, bytes)));
    }
  }

  @Override
  public synchronized void firstToken(String id, double seconds) {
    if (counting) {
      events.publish(new PageEvent.FirstToken(run, id, now(), seconds * speedUp));
    }
  }

  @Override
  public synchronized void finished(String id, String outcome) {
    Route route = routes.remove(id);
    if (route != null) {
      count(route.prefillPod(), -1);
      count(route.decodePod(), -1);
    }
    if (counting) {
      events.publish(new PageEvent.Finished(run, id, now(), outcome));
    }
  }

  /** The run's numbers at this moment; null before it has begun. */
  synchronized RequestsView.@Nullable RunView view() {
    if (!counting) {
      return null;
    }
    RequestSummary summary = RequestSummary.of(served);
    RequestSummary.Ttft ttft = summary.ttftMillis();
    return new RequestsView.RunView(
        total,
        served.size(),
        summary.errors(),
        Math.max(0, sent - served.size()),
        Math.min(1, summary.hitRatio()),
        summary.split(),
        ttft == null ? null : new RequestsView.Ttft(ttft.mean(), ttft.p50(), ttft.p99()),
        inFlight.entrySet().stream()
            .map(e -> new RequestsView.Queue(e.getKey(), e.getValue()))
            .toList(),
        samples);
  }

  synchronized List<PlacementView> placements() {
    return places.stream()
        .map(pod ->
            new PlacementView(
                run,
                pod.pod(),
                pod.group(),
                pod.role().label(),
                pod.node(),
                pod.model(),
                pod.gpus(),
                pod.locality(),
                pod.reason(),
                pod.meanTransferMillis(places, promptTokens),
                pod.better()))
        .toList();
  }

  private double now() {
    return (System.nanoTime() - startNanos) / 1e9 * speedUp;
  }

  private void count(@Nullable String pod, int change) {
    if (pod != null) {
      inFlight.merge(pod, change, Integer::sum);
    }
  }

  private double transfer(@Nullable String prefillPod, String decodePod, long bytes) {
    PodPlace from = null;
    PodPlace to = null;
    for (PodPlace pod : places) {
      if (pod.pod().equals(prefillPod)) {
        from = pod;
      }
      if (pod.pod().equals(decodePod)) {
        to = pod;
      }
    }
    Double seconds =
        from == null || to == null ? null : from.transferSeconds(to, from.tokens(bytes));
    return seconds == null ? 0 : seconds;
  }
}
