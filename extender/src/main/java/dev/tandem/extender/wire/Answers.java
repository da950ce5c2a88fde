package dev.tandem.extender.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.extender.decide.Decision;
import dev.tandem.extender.decide.Victims;
import dev.tandem.topology.placement.Choice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes answers with Go's field names. A filter answer always holds one of the two node lists,
 * since both null mean that no node survives and there is no word for "as it was". Immutable.
 */
public final class Answers {
  private static final String AFTER =
      "\"FailedNodes\":{},\"FailedAndUnresolvableNodes\":null,\"Error\":\"\"}";
  private static final byte[] BEFORE_NAMES = bytes("{\"Nodes\":null,\"NodeNames\":");
  private static final byte[] AFTER_NAMES = bytes("," + AFTER);
  private static final byte[] BEFORE_NODES = bytes("{\"Nodes\":");
  private static final byte[] AFTER_NODES = bytes(",\"NodeNames\":null," + AFTER);

  private final JsonFactory json = new ObjectMapper().getFactory();

  /** {@code ExtenderFilterResult} of a decision. */
  public byte[] filter(ExtenderArgs args, Decision decision) {
    return switch (decision) {
      case Decision.PassedThrough() -> passedThrough(args);
      case Decision.Indifferent indifferent ->
          result(args, indifferent.nodes(), indifferent.dropped(), "");
      case Decision.Chosen(List<Choice> choices, Map<String, String> dropped) ->
          result(args, choices.stream().map(Choice::node).toList(), dropped, "");
      case Decision.Refused(var cause, String reason, Map<String, String> dropped) -> {
        TreeMap<String, String> failed = new TreeMap<>(dropped);
        args.nodeNames().forEach(node -> failed.putIfAbsent(node, reason));
        yield result(args, List.of(), failed, "");
      }
    };
  }

  /** {@code ExtenderFilterResult} that tells kube-scheduler what was wrong with its call. */
  public byte[] error(String reason) {
    return write(out -> {
      out.writeStartObject();
      out.writeNullField("Nodes");
      out.writeArrayFieldStart("NodeNames");
      out.writeEndArray();
      out.writeNullField("FailedNodes");
      out.writeNullField("FailedAndUnresolvableNodes");
      out.writeStringField("Error", reason);
      out.writeEndObject();
    });
  }

  /**
   * {@code HostPriorityList} of all the nodes.
   *
   * @param scores of those that have one above 0
   */
  public byte[] priorities(List<String> nodes, Map<String, Integer> scores) {
    return ScoreList.of(nodes, scores);
  }

  /** {@code ExtenderPreemptionResult}, which names victims by UID however they came. */
  public byte[] preemption(Map<String, Victims> victims) {
    return write(out -> {
      out.writeStartObject();
      out.writeObjectFieldStart("NodeNameToMetaVictims");
      for (Map.Entry<String, Victims> node : victims.entrySet()) {
        out.writeObjectFieldStart(node.getKey());
        out.writeArrayFieldStart("Pods");
        for (String uid : node.getValue().uids()) {
          out.writeStartObject();
          out.writeStringField("UID", uid);
          out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNumberField("NumPDBViolations", node.getValue().disruptionBudgetViolations());
        out.writeEndObject();
      }
      out.writeEndObject();
      out.writeEndObject();
    });
  }

  /** Thousands of names, or megabytes of nodes, go back as the bytes they came in. */
  private byte[] passedThrough(ExtenderArgs args) {
    RawJson sent = args.sent();
    if (sent == null) {
      return result(args, args.nodeNames(), Map.of(), "");
    }
    return args.namesOnly()
        ? sent.between(BEFORE_NAMES, AFTER_NAMES)
        : sent.between(BEFORE_NODES, AFTER_NODES);
  }

  private byte[] result(
      ExtenderArgs args, List<String> nodes, Map<String, String> failed, String error) {
    return write(out -> {
      out.writeStartObject();
      if (args.namesOnly()) {
        out.writeNullField("Nodes");
        out.writeArrayFieldStart("NodeNames");
        for (String node : nodes) {
          out.writeString(node);
        }
        out.writeEndArray();
      } else {
        writeNodes(out, args, nodes);
      }
      out.writeObjectFieldStart("FailedNodes");
      for (Map.Entry<String, String> entry : failed.entrySet()) {
        out.writeStringField(entry.getKey(), entry.getValue());
      }
      out.writeEndObject();
      out.writeNullField("FailedAndUnresolvableNodes");
      out.writeStringField("Error", error);
      out.writeEndObject();
    });
  }

  private static void writeNodes(JsonGenerator out, ExtenderArgs args, List<String> nodes)
      throws IOException {
    out.writeObjectFieldStart("Nodes");
    out.writeObjectFieldStart("metadata");
    out.writeEndObject();
    out.writeArrayFieldStart("items");
    for (String node : nodes) {
      RawJson object = args.nodes().get(node);
      if (object != null) {
        out.writeRawValue(object.text());
      }
    }
    out.writeEndArray();
    out.writeEndObject();
    out.writeNullField("NodeNames");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private interface Body {
    void write(JsonGenerator out) throws IOException;
  }

  private byte[] write(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator out = json.createGenerator(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }
}
