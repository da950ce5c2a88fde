package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The memory of the GPU a pod asks for.
 *
 * @param name as asked for
 * @param gigabytes of memory, 10^9 bytes
 */
record GpuMemory(String name, double gigabytes) {

  /** Keys that name a GPU on nodes: GPU feature discovery, GKE, Karpenter, AMD's labeller. */
  private static final List<String> KEYS =
      List.of(
          "nvidia.com/gpu.product",
          "cloud.google.com/gke-accelerator",
          "karpenter.k8s.aws/instance-gpu-name",
          "amd.com/gpu.product-name");

  /** A slice of a GPU, as its resource is called: {@code nvidia.com/mig-3g.40gb}. */
  private static final Pattern SLICE =
      Pattern.compile("nvidia\\.com/(mig-[0-9]g\\.([0-9]{1,3})gb.*)");

  /** Memory by fragment of the name, the longest fragment first. */
  private static final Map<String, Double> TABLE =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("b300", 288.0),
              Map.entry("b200", 180.0),
              Map.entry("gb200", 186.0),
              Map.entry("h200", 141.0),
              Map.entry("h100", 80.0),
              Map.entry("h100-nvl", 94.0),
              Map.entry("a100", 40.0),
              Map.entry("a100-80gb", 80.0),
              Map.entry("a100-sxm4-80gb", 80.0),
              Map.entry("a100-pcie-80gb", 80.0),
              Map.entry("l40", 48.0),
              Map.entry("l4", 24.0),
              Map.entry("a10", 24.0),
              Map.entry("t4", 16.0),
              Map.entry("v100", 16.0),
              Map.entry("a6000", 48.0),
              Map.entry("mi300x", 192.0),
              Map.entry("mi325x", 256.0),
              Map.entry("mi355x", 288.0)));

  private static final GpuMemory LARGEST = new GpuMemory("the largest made", 288);

  /**
   * Of the slice the container asks for, else of the pod's node selector or required affinity; the
   * largest where they name none we know.
   */
  static GpuMemory of(JsonNode spec, JsonNode container) {
    for (var limit : container.path("resources").path("limits").properties()) {
      Matcher slice = SLICE.matcher(limit.getKey());
      if (slice.matches()) {
        return new GpuMemory(slice.group(1), Double.parseDouble(slice.group(2)));
      }
    }
    GpuMemory best = null;
    for (String product : products(spec)) {
      GpuMemory memory = named(product);
      if (memory != null && (best == null || memory.gigabytes > best.gigabytes)) {
        best = memory;
      }
    }
    return best == null ? LARGEST : best;
  }

  private static List<String> products(JsonNode spec) {
    List<String> products = new ArrayList<>();
    for (String key : KEYS) {
      JsonNode selected = spec.path("nodeSelector").path(key);
      if (selected.isTextual()) {
        products.add(selected.textValue());
      }
    }
    JsonNode terms =
        spec.path("affinity")
            .path("nodeAffinity")
            .path("requiredDuringSchedulingIgnoredDuringExecution")
            .path("nodeSelectorTerms");
    for (JsonNode term : terms) {
      for (JsonNode expression : term.path("matchExpressions")) {
        if (KEYS.contains(expression.path("key").asText())
            && expression.path("operator").asText().equals("In")) {
          expression.path("values").forEach(value -> products.add(value.asText()));
        }
      }
    }
    return products;
  }

  private static @Nullable GpuMemory named(String product) {
    String name = product.toLowerCase(Locale.ROOT);
    String found = null;
    for (String fragment : TABLE.keySet()) {
      if (name.contains(fragment) && (found == null || fragment.length() > found.length())) {
        found = fragment;
      }
    }
    return found == null ? null : new GpuMemory(product, TABLE.getOrDefault(found, 0.0));
  }
}
