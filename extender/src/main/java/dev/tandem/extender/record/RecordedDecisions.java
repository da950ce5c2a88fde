package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Decisions;
import dev.tandem.extender.decide.PodFacts;
import dev.tandem.extender.decide.Victims;
import java.util.List;
import java.util.Map;

/** Passes calls on and notes them with their answers; where a pod of others may go is not noted. */
final class RecordedDecisions implements Decisions {
  private final Decisions decisions;
  private final Recorder recorder;

  RecordedDecisions(Decisions decisions, Recorder recorder) {
    this.decisions = decisions;
    this.recorder = recorder;
  }

  @Override
  public Decision filter(PodFacts pod, List<String> candidates) {
    return pod.ask() == null
        ? decisions.filter(pod, candidates)
        : recorder.filter(decisions, pod, candidates);
  }

  @Override
  public Map<String, Integer> prioritize(PodFacts pod, List<String> candidates) {
    return pod.ask() == null
        ? decisions.prioritize(pod, candidates)
        : recorder.prioritize(decisions, pod, candidates);
  }

  /** Also for pods that ask nothing of us: what they evict may be ours. */
  @Override
  public Map<String, Victims> preempt(PodFacts pod, Map<String, Victims> offered) {
    return recorder.preempt(decisions, pod, offered);
  }
}
