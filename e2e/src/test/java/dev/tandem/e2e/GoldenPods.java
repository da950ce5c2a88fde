package dev.tandem.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every pod of the injector's golden files, on its own, as a workload's controller makes it. */
final class GoldenPods {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private GoldenPods() {}

  /**
   * One of them.
   *
   * @param name of its file, and which of its pods
   * @param pod a whole Pod without a namespace; to be copied before it is changed
   */
  record Golden(String name, ObjectNode pod) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Golden> all() {
    Path folder = Project.root().resolve("webhook/src/test/resources/golden");
    try (Stream<Path> files = Files.list(folder)) {
      List<Golden> pods = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".yaml", "");
        if (!name.endsWith(".injected")) {
          List<ObjectNode> templates = templates(file);
          for (int i = 0; i < templates.size(); i++) {
            pods.add(new Golden(name + "-" + i, pod(templates.get(i), name + "-" + i)));
          }
        }
      }
      return pods;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ObjectNode> templates(Path file) throws IOException {
    List<ObjectNode> found = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
      documents.readAll().forEach(document -> search(document, found));
    }
    return found;
  }

  private static void search(JsonNode node, List<ObjectNode> found) {
    if (node instanceof ObjectNode object && object.path("spec").path("containers").isArray()) {
      found.add(object);
    } else {
      node.forEach(child -> search(child, found));
    }
  }

  private static ObjectNode pod(ObjectNode template, String name) {
    ObjectNode pod = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata").put("name", name);
    for (String field : List.of("labels", "annotations")) {
      if (template.path("metadata").has(field)) {
        metadata.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }
}
