package dev.tandem.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The report as JSON, for programs; the shape is a promise to them. Stateless. */
public final class ReportJson {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private ReportJson() {}

  /**
   * The JSON text: the main run's {@code groups}, {@code placements} and {@code requests} at the
   * top, the baseline's under {@code baseline}, and the {@code setting}.
   */
  public static String write(UpReport report) {
    ObjectNode root = JSON.createObjectNode();
    run(root, report.tandem());
    run(root.putObject("baseline"), report.baseline());
    UpReport.Setting setting = report.setting();
    root.putObject("setting")
        .put("traffic", setting.traffic())
        .put("seed", setting.seed())
        .put("speedUp", setting.speedUp())
        .put("meanPromptTokens", setting.meanPromptTokens())
        .put("cluster", setting.cluster())
        .put("controlPlane", setting.controlPlane());
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values does not serialise", e);
    }
  }

  private static void run(ObjectNode node, RunReport run) {
    ArrayNode groups = node.putArray("groups");
    for (GroupPlace group : run.groups()) {
      groups
          .addObject()
          .put("name", group.name())
          .put("pods", group.pods())
          .put("complete", group.complete())
          .put("sameNvlinkDomain", group.sameNvlinkDomain())
          .put("meanTransferMillis", rounded(group.meanTransferMillis()));
    }
    ArrayNode placements = node.putArray("placements");
    for (PodPlace place : run.placements()) {
      placements
          .addObject()
          .put("pod", place.pod())
          .put("group", place.group())
          .put("role", place.role().label())
          .put("node", place.node())
          .put("locality", place.locality())
          .put("reason", place.reason());
    }
    RequestSummary requests = run.requests();
    ObjectNode counted =
        node.putObject("requests")
            .put("count", requests.count())
            .put("errors", requests.errors())
            .put("hitRatio", Math.round(requests.hitRatio() * 1e4) / 1e4)
            .put("split", requests.split());
    RequestSummary.Ttft ttft = requests.ttftMillis();
    if (ttft == null) {
      counted.putNull("ttftMillis");
    } else {
      counted
          .putObject("ttftMillis")
          .put("mean", rounded(ttft.mean()))
          .put("p50", rounded(ttft.p50()))
          .put("p99", rounded(ttft.p99()));
    }
  }

  /** Microseconds are below the noise of a local run. */
  private static @Nullable Double rounded(@Nullable Double millis) {
    return millis == null ? null : Math.round(millis * 1e3) / 1e3;
  }
}
