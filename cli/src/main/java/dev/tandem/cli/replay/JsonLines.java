package dev.tandem.cli.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.extender.record.Damage;
import dev.tandem.extender.record.Difference;
import dev.tandem.extender.record.Durations;
import dev.tandem.extender.record.SegmentResult;
import dev.tandem.extender.record.Summary;
import java.io.PrintWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One JSON object a line: {@code difference}, {@code damage}, and {@code summary} at the end. */
final class JsonLines implements ReplayReport {
  private final ObjectMapper json = new ObjectMapper();
  private final PrintWriter out;

  JsonLines(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void segment(SegmentResult result) {
    result.damages().forEach(this::damage);
    result.differences().forEach(this::difference);
  }

  private void damage(Damage damage) {
    ObjectNode root = json.createObjectNode();
    root.putObject("damage")
        .put("segment", damage.segment())
        .put("line", damage.line())
        .put("problem", damage.problem());
    out.println(root);
  }

  private void difference(Difference difference) {
    ObjectNode root = json.createObjectNode();
    ObjectNode body =
        root.putObject("difference")
            .put("at", Instant.ofEpochMilli(difference.at()).toString())
            .put("pod", difference.pod())
            .put("verb", difference.verb())
            .put("kind", difference.kind().label())
            .put("segment", difference.segment())
            .put("line", difference.line())
            .put("otherNodes", difference.otherNodes())
            .put("afterDamage", difference.afterDamage());
    side(body.putObject("before"), difference.before());
    side(body.putObject("now"), difference.now());
    body.put("beforeTodayMillis", millis(difference.beforeToday()));
    out.println(root);
  }

  private static void side(ObjectNode object, Difference.Side side) {
    object
        .put("outcome", side.outcome())
        .put("node", side.node())
        .put("predictedTransferMillis", millis(side.seconds()))
        .put("score", side.score())
        .put("reason", side.reason());
  }

  @Override
  public void summary(Summary summary, double seconds, int threads) {
    ObjectNode root = json.createObjectNode();
    ObjectNode body =
        root.putObject("summary")
            .put("segments", summary.segments())
            .put("calls", summary.calls())
            .put("same", summary.same())
            .put("different", summary.different())
            .put("better", summary.better())
            .put("worse", summary.worse())
            .put("asGood", summary.asGood())
            .put("skipped", summary.skipped())
            .put("damaged", summary.damaged())
            .put("seconds", Math.round(seconds * 1e3) / 1e3)
            .put("threads", threads);
    quantiles(body.putObject("millisPerCall"), summary.nanos());
    quantiles(body.putObject("millisPerCallRecorded"), summary.recordedNanos());
    out.println(root);
  }

  private static void quantiles(ObjectNode object, Durations durations) {
    object.put("p50", durations.quantile(0.5) / 1e6).put("p99", durations.quantile(0.99) / 1e6);
  }

  private static @Nullable Double millis(@Nullable Double seconds) {
    return seconds == null ? null : (Double) (Math.round(seconds * 1e6) / 1e3);
  }
}
