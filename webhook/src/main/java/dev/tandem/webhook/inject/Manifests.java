package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Injects the pods of YAML manifests: what the webhook does to pods on their way in, done to files.
 * Order and unknown fields stay; comments are lost, except from a text in which no pod changes: it
 * is given back as it came. Any thread.
 */
public final class Manifests {

  private final Injector injector;

  public Manifests(Injector injector) {
    this.injector = injector;
  }

  /**
   * The manifests after injection, and what became of each pod in them.
   *
   * @param yaml all documents; one whose pod was denied is as it came
   * @param outcomes one a pod, in order
   * @param notes what no single pod shows: groups that would not pair, objects without a template
   */
  public record Injection(String yaml, List<Outcome> outcomes, List<String> notes) {
    public Injection {
      outcomes = List.copyOf(outcomes);
      notes = List.copyOf(notes);
    }
  }

  /**
   * What became of one pod.
   *
   * @param object the object that holds it, as {@code kind/name}
   */
  public record Outcome(String object, InjectionResult result) {}

  /**
   * Injects every pod in these YAML documents.
   *
   * @param namespacesOptedIn whether a pod without the label is meant
   * @throws IOException where the text is no YAML; the message says where
   */
  public Injection inject(String text, boolean namespacesOptedIn) throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    GroupCheck groups = new GroupCheck();
    String yaml =
        rewritten(
            text,
            object -> {
              List<Outcome> ofObject = injectAll(object, namespacesOptedIn, groups);
              if (ofObject.isEmpty() && object.findValue("containers") != null) {
                notes.add(
                    nameOf(object)
                        + ": no pod template; the webhook injects the pods its controller makes");
              }
              outcomes.addAll(ofObject);
            });
    notes.addAll(groups.notes());
    boolean changed =
        outcomes.stream().anyMatch(o -> o.result() instanceof InjectionResult.Injected);
    return new Injection(changed ? yaml : text, outcomes, notes);
  }

  /**
   * What became of one pod that was to be taken back.
   *
   * @param object the object that holds it, as {@code kind/name}
   */
  public record Undone(String object, Removal.Result result) {}

  /**
   * The manifests after removal, and what became of each pod in them.
   *
   * @param yaml all documents; one whose pod cannot be taken back is as it came
   * @param outcomes one a pod, in order
   */
  public record Restoration(String yaml, List<Undone> outcomes) {
    public Restoration {
      outcomes = List.copyOf(outcomes);
    }
  }

  /**
   * Takes the injection of every pod in these YAML documents back.
   *
   * @throws IOException where the text is no YAML; the message says where
   */
  public static Restoration uninject(String text) throws IOException {
    List<Undone> outcomes = new ArrayList<>();
    String yaml =
        rewritten(
            text,
            object -> {
              for (ObjectNode pod : PodTemplates.in(object)) {
                Removal.Result result = Removal.undo(pod);
                if (result instanceof Removal.Result.Restored(ObjectNode before)) {
                  pod.removeAll();
                  pod.setAll(before);
                }
                outcomes.add(new Undone(nameOf(object), result));
              }
            });
    boolean changed =
        outcomes.stream().anyMatch(o -> o.result() instanceof Removal.Result.Restored);
    return new Restoration(changed ? yaml : text, outcomes);
  }

  /** The documents as this class writes them, unchanged: what a comparison is made against. */
  public static String normalized(String text) throws IOException {
    return rewritten(text, object -> {});
  }

  private static String rewritten(String text, Consumer<JsonNode> change) throws IOException {
    StringBuilder yaml = new StringBuilder();
    for (JsonNode document : YamlDocuments.read(text)) {
      PodTemplates.objectsIn(document).forEach(change);
      yaml.append(yaml.isEmpty() ? "" : "---\n").append(YamlDocuments.write(document));
    }
    return yaml.toString();
  }

  private List<Outcome> injectAll(JsonNode object, boolean namespacesOptedIn, GroupCheck groups) {
    List<Outcome> outcomes = new ArrayList<>();
    String name = nameOf(object);
    String namespace = object.path("metadata").path("namespace").asText("default");
    for (ObjectNode pod : PodTemplates.in(object)) {
      InjectionResult result = injector.inject(pod, new Origin(namespace, namespacesOptedIn));
      if (result instanceof InjectionResult.Injected injected) {
        pod.removeAll();
        pod.setAll(injected.pod());
        groups.add(name, namespace, pod);
      }
      outcomes.add(new Outcome(name, result));
    }
    return outcomes;
  }

  private static String nameOf(JsonNode object) {
    JsonNode metadata = object.path("metadata");
    String generated = metadata.path("generateName").asText("?");
    return object.path("kind").asText("?") + "/" + metadata.path("name").asText(generated);
  }
}
