package dev.tandem.extender.record;

import dev.tandem.extender.decide.ClusterFeed;
import dev.tandem.extender.decide.NodeState;
import dev.tandem.extender.decide.PodFacts;

/** Passes changes on and notes those that change something. */
final class RecordedFeed implements ClusterFeed {
  private final ClusterFeed feed;
  private final Recorder recorder;

  RecordedFeed(ClusterFeed feed, Recorder recorder) {
    this.feed = feed;
    this.recorder = recorder;
  }

  @Override
  public void node(NodeState node) {
    recorder.change(() -> feed.node(node), () -> recorder.mirror().node(node));
  }

  @Override
  public void nodeGone(String name) {
    recorder.change(() -> feed.nodeGone(name), () -> recorder.mirror().nodeGone(name));
  }

  @Override
  public void pod(PodFacts pod) {
    recorder.change(() -> feed.pod(pod), () -> recorder.mirror().pod(pod, recorder.clock().millis()));
  }

  @Override
  public void podGone(String uid) {
    recorder.change(() -> feed.podGone(uid), () -> recorder.mirror().podGone(uid));
  }
}
