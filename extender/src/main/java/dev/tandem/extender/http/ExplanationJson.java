package dev.tandem.extender.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Level;
import dev.tandem.extender.decide.Explanation;
import dev.tandem.extender.decide.Journal;
import dev.tandem.topology.placement.Choice;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code GET /explain/{namespace}/{pod}} as JSON; docs/explain.md tells the fields. */
final class ExplanationJson {
  private final ObjectMapper json = new ObjectMapper();

  ObjectNode json(Explanation explanation) {
    ObjectNode root = json.createObjectNode();
    root.put("pod", explanation.pod())
        .put("state", explanation.state().label())
        .put("node", explanation.node());
    Explanation.Asked asked = explanation.asked();
    if (asked != null) {
      asked(root.putObject("asked"), asked);
    }
    ArrayNode decisions = root.putArray("decisions");
    explanation.decisions().forEach(entry -> decision(decisions.addObject(), entry));
    Explanation.Today today = explanation.today();
    if (today != null) {
      today(root.putObject("today"), today);
    }
    ArrayNode next = root.putArray("next");
    explanation.next().forEach(next::add);
    return root;
  }

  private static void asked(ObjectNode to, Explanation.Asked asked) {
    Level required = asked.required();
    to.put("role", asked.role().label())
        .put("group", asked.group())
        .put("groupSize", asked.groupSize())
        .put("model", asked.model())
        .put("gpus", asked.gpus())
        .put("required", required == null ? null : required.label())
        .put("transferBytes", asked.bytes())
        .put("promptTokens", asked.promptTokens())
        .put("problem", asked.problem());
    ObjectNode selector = to.putObject("nodeSelector");
    asked.nodeSelector().forEach(selector::put);
  }

  private static void decision(ObjectNode to, Journal.Entry entry) {
    to.put("at", Instant.ofEpochMilli(entry.atMillis()).toString())
        .put("uid", entry.uid())
        .put("outcome", entry.outcome())
        .put("candidates", entry.candidates())
        .put("node", entry.node())
        .put("predictedTransferMillis", millis(entry.seconds()))
        .put("reason", entry.reason());
    ArrayNode best = to.putArray("best");
    for (Choice choice : entry.best()) {
      best.addObject()
          .put("node", choice.node())
          .put("predictedTransferMillis", millis(choice.seconds()))
          .put("reason", choice.reason());
    }
    if (!entry.best().isEmpty()) {
      ObjectNode plan = to.putObject("plan");
      entry.best().getFirst().plan().forEach(plan::put);
    }
  }

  private static void today(ObjectNode to, Explanation.Today today) {
    place(to, "best", today.best());
    place(to, "here", today.here());
    to.put("reason", today.reason());
    ArrayNode classes = to.putArray("classes");
    for (Explanation.PlaceClass one : today.classes()) {
      ObjectNode row = classes.addObject();
      ObjectNode where = row.putObject("where");
      one.where().forEach((level, block) -> where.put(level.label(), block));
      row.put("nodes", one.nodes()).put("freeGpus", one.free());
      place(row, "place", one.place());
    }
    to.put("unpricedClasses", today.unpriced()).put("unpricedNodes", today.unpricedNodes());
    ObjectNode out = to.putObject("leftOut");
    today.out().forEach(out::put);
    ArrayNode plan = to.putArray("plan");
    for (Explanation.Planned member : today.plan()) {
      plan.addObject()
          .put("member", member.member())
          .put("role", member.role().label())
          .put("gpus", member.gpus())
          .put("node", member.node())
          .put("state", member.state());
    }
    ArrayNode changes = to.putArray("changes");
    today.changes().forEach(change -> change(changes.addObject(), change));
    to.put("settled", today.settled());
  }

  private static void change(ObjectNode to, Explanation.Change change) {
    to.put("level", change.level().label())
        .put("block", change.block())
        .put("missingGpus", change.missing());
    ArrayNode holders = to.putArray("heldBy");
    for (Explanation.Holder holder : change.holders()) {
      holders
          .addObject()
          .put("pod", holder.pod())
          .put("group", holder.group())
          .put("node", holder.node())
          .put("gpus", holder.gpus())
          .put("expected", holder.expected());
    }
    ArrayNode shut = to.putArray("shut");
    change.shut().forEach(shut::add);
    place(to, "then", change.then());
  }

  private static void place(ObjectNode to, String field, Explanation.@Nullable Place place) {
    if (place == null) {
      to.putNull(field);
      return;
    }
    Level shared = place.shared();
    to.putObject(field)
        .put("node", place.node())
        .put("predictedTransferMillis", millis(place.seconds()))
        .put("shared", shared == null ? null : shared.label())
        .put("comfortable", place.comfortable())
        .put("reason", place.reason());
  }

  private static double millis(double seconds) {
    return Math.round(seconds * 1e6) / 1e3;
  }
}
