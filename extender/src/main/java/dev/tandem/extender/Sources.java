package dev.tandem.extender;

import dev.tandem.api.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the extender learns how nodes are joined, besides their labels. Immutable.
 *
 * @param topology topology file whose facts win over node labels, or null
 * @param transports file of transports whose overheads win over the topology file's, or null
 * @param configMap {@code namespace/name} of a ConfigMap with either under {@code topology.yaml}
 *     and {@code transports.yaml}, or null
 * @param levelKeys labels that win over every other one, by level
 * @param every how often files are looked at; a swapped mount is seen after at most this
 */
public record Sources(
    @Nullable Path topology,
    @Nullable Path transports,
    @Nullable String configMap,
    Map<Level, List<String>> levelKeys,
    Duration every) {

  private static final Pattern CONFIG_MAP =
      Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?/[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");

  public Sources {
    levelKeys = Map.copyOf(new LinkedHashMap<>(levelKeys));
    if (configMap != null && !CONFIG_MAP.matcher(configMap).matches()) {
      throw new IllegalArgumentException(
          "--config-map: '" + configMap + "'; accepted: NAMESPACE/NAME");
    }
    if (every.compareTo(Duration.ofMillis(10)) < 0 || every.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "--reload-seconds: " + every.toMillis() / 1e3 + "; accepted: 0.01 to 3600");
    }
  }

  /** Node labels alone. */
  public static Sources defaults() {
    return new Sources(null, null, null, Map.of(), Duration.ofSeconds(5));
  }
}
