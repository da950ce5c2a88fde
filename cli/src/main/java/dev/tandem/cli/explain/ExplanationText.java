package dev.tandem.cli.explain;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.cli.report.Ink;
import dev.tandem.cli.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An explanation for people. One thread, used once. */
final class ExplanationText {
  private static final int CLASSES_SHOWN = 12;

  private final JsonNode answer;
  private final int width;
  private final Ink ink;
  private final StringBuilder text = new StringBuilder();

  ExplanationText(JsonNode answer, int width, Ink ink) {
    this.answer = answer;
    this.width = width;
    this.ink = ink;
  }

  String text() {
    String node = answer.path("node").asText("");
    String on = answer.hasNonNull("node") ? " on " + node : "";
    line("pod", answer.path("pod").asText() + ", " + answer.path("state").asText() + on);
    asked(answer.path("asked"));
    decisions(answer.path("decisions"));
    if (answer.hasNonNull("today")) {
      today(answer.path("today"));
    }
    if (!answer.path("next").isEmpty()) {
      text.append("\nNext\n");
      answer.path("next").forEach(step -> text.append("  - ").append(step.asText()).append('\n'));
    }
    return text.toString();
  }

  private void asked(JsonNode asked) {
    if (asked.isMissingNode()) {
      return;
    }
    List<String> what = new ArrayList<>();
    what.add(asked.path("role").asText() + ", " + asked.path("gpus").asInt() + " GPUs");
    add(what, "group ", asked.path("group"));
    add(what, "of ", asked.path("groupSize"));
    add(what, "model ", asked.path("model"));
    add(what, "required: ", asked.path("required"));
    for (Map.Entry<String, JsonNode> label : asked.path("nodeSelector").properties()) {
      what.add("nodes with " + label.getKey() + "=" + label.getValue().asText());
    }
    line("asked for", String.join(", ", what));
    if (asked.path("transferBytes").asLong() > 0) {
      line(
          "moves",
          String.format(
              Locale.ROOT,
              "%.1f MB a pair of ranks for a prompt of %,d tokens",
              asked.path("transferBytes").asLong() / 1e6,
              asked.path("promptTokens").asInt()));
    }
    if (asked.hasNonNull("problem")) {
      line("ignored", asked.path("problem").asText());
    }
  }

  private void decisions(JsonNode decisions) {
    if (decisions.isEmpty()) {
      line("decided", "never, by this extender");
      return;
    }
    JsonNode last = decisions.get(0);
    String often = decisions.size() > 1 ? " (asked " + decisions.size() + " times lately)" : "";
    line(
        "decided",
        last.path("at").asText()
            + ", "
            + last.path("outcome").asText()
            + ", "
            + last.path("candidates").asInt()
            + " candidates"
            + often);
    if (last.hasNonNull("node")) {
      line("chosen", placed(last.path("node"), last));
    }
    line("because", last.path("reason").asText());
    List<String> others = new ArrayList<>();
    for (JsonNode choice : last.path("best")) {
      if (!choice.path("node").equals(last.path("node"))) {
        others.add(placed(choice.path("node"), choice));
      }
    }
    if (!others.isEmpty()) {
      line("or", String.join("; ", others));
    }
  }

  private void today(JsonNode today) {
    text.append("\nAsked again on the cluster as it is now, as if the pod had no node yet\n");
    JsonNode best = today.path("best");
    String reason = today.path("reason").asText();
    line("best", best.isNull() ? reason : placed(best.path("node"), best) + ": " + reason);
    JsonNode here = today.path("here");
    if (!here.isNull() && !here.path("node").equals(best.path("node"))) {
      line("where it is", placed(here.path("node"), here) + ": " + here.path("reason").asText());
    }
    classes(today);
    plan(today.path("plan"));
    text.append("\nWhat would have to change for a better place\n");
    today.path("changes").forEach(this::change);
    if (today.hasNonNull("settled")) {
      text.append("  - ").append(today.path("settled").asText()).append('\n');
    }
  }

  private void classes(JsonNode today) {
    JsonNode classes = today.path("classes");
    if (!classes.isEmpty()) {
      text.append("\nPlaces considered\n");
      Table table = new Table("WHERE", ">NODES", ">FREE", "E.G.", ">TRANSFER", "THE GROUP THEN");
      for (int i = 0; i < Math.min(CLASSES_SHOWN, classes.size()); i++) {
        JsonNode one = classes.get(i);
        JsonNode place = one.path("place");
        table.row(
            where(one.path("where")),
            one.path("nodes").asText(),
            one.path("freeGpus").asText(),
            place.path("node").asText(),
            millis(place),
            place.path("reason").asText());
      }
      text.append(table.text(width, ink));
    }
    int more = Math.max(0, classes.size() - CLASSES_SHOWN) + today.path("unpricedClasses").asInt();
    if (more > 0) {
      text.append("  and ")
          .append(more)
          .append(" more kinds of place; --json tells those priced\n");
    }
    for (Map.Entry<String, JsonNode> out : today.path("leftOut").properties()) {
      int nodes = out.getValue().asInt();
      text.append("  left out: ")
          .append(nodes)
          .append(nodes == 1 ? " node, " : " nodes, ")
          .append(out.getKey())
          .append('\n');
    }
  }

  private void plan(JsonNode plan) {
    if (plan.isEmpty()) {
      return;
    }
    text.append("\nThe rest of the group\n");
    Table table = new Table("MEMBER", "ROLE", ">GPUS", "STATE", "NODE");
    for (JsonNode member : plan) {
      table.row(
          member.path("member").asText(),
          member.path("role").asText(),
          member.path("gpus").asText(),
          member.path("state").asText(),
          member.hasNonNull("node") ? member.path("node").asText() : "(no place)");
    }
    text.append(table.text(width, ink));
  }

  private void change(JsonNode change) {
    List<String> parts = new ArrayList<>();
    List<String> holders = new ArrayList<>();
    for (JsonNode holder : change.path("heldBy")) {
      holders.add(
          holder.path("pod").asText()
              + " ("
              + holder.path("gpus").asInt()
              + " on "
              + holder.path("node").asText()
              + (holder.path("expected").asBoolean() ? ", on its way" : "")
              + ")");
    }
    if (!holders.isEmpty()) {
      parts.add(
          change.path("missingGpus").asInt()
              + " more GPUs free, held by "
              + String.join(", ", holders));
    }
    List<String> shut = new ArrayList<>();
    change.path("shut").forEach(node -> shut.add(node.asText()));
    if (!shut.isEmpty()) {
      parts.add(String.join(", ", shut) + " taking pods again (cordoned or not ready)");
    }
    JsonNode then = change.path("then");
    text.append("  - ")
        .append(change.path("level").asText())
        .append(' ')
        .append(change.path("block").asText())
        .append(": ")
        .append(String.join("; and ", parts))
        .append("\n    then ")
        .append(placed(then.path("node"), then))
        .append(": ")
        .append(then.path("reason").asText())
        .append('\n');
  }

  private static String where(JsonNode where) {
    List<String> levels = new ArrayList<>();
    for (String level : List.of("nvlink", "leaf", "spine")) {
      if (where.has(level)) {
        levels.add(level + " " + where.path(level).asText());
      }
    }
    return levels.isEmpty() ? "(no labels)" : String.join(", ", levels);
  }

  private static void add(List<String> what, String prefix, JsonNode value) {
    if (!value.isNull() && !value.isMissingNode()) {
      what.add(prefix + value.asText());
    }
  }

  private static String placed(JsonNode node, JsonNode priced) {
    return node.asText() + ", " + millis(priced);
  }

  private static String millis(JsonNode priced) {
    return String.format(Locale.ROOT, "%.2f ms", priced.path("predictedTransferMillis").asDouble());
  }

  private void line(String title, String body) {
    text.append(String.format(Locale.ROOT, "%-12s %s%n", title, body));
  }
}
