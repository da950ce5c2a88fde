package dev.tandem.cli.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A ConfigMap in YAML that holds one text under one key. */
final class ConfigMapText {
  /** The API server's bound on a ConfigMap's data. */
  private static final int MOST_BYTES = 1 << 20;

  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .build());

  private ConfigMapText() {}

  /**
   * The manifest.
   *
   * @param name {@code namespace/name}, or a name alone
   * @throws IllegalArgumentException if the text is larger than a ConfigMap may be
   */
  static String of(String name, String key, String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes do not fit a ConfigMap, which holds %d; --output FILE and mount the file"
              .formatted(bytes, MOST_BYTES));
    }
    int slash = name.indexOf('/');
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name.substring(slash + 1));
    if (slash >= 0) {
      metadata.put("namespace", name.substring(0, slash));
    }
    Map<String, Object> manifest = new LinkedHashMap<>();
    manifest.put("apiVersion", "v1");
    manifest.put("kind", "ConfigMap");
    manifest.put("metadata", metadata);
    manifest.put("data", Map.of(key, text));
    try {
      return YAML.writeValueAsString(manifest);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps and strings are always written", e);
    }
  }
}
