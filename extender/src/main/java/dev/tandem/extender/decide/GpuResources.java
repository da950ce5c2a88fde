package dev.tandem.extender.decide;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * The extended resources that count GPUs, in order of precedence. Immutable.
 *
 * <p>A node counts by the first of them it offers and a pod by the first it asks for, and a pod
 * goes where its own is offered. One kind a node is how clusters are built: a node with GPUs of two
 * vendors does not exist, and one cut in MIG slices offers those and no whole GPUs, or is counted
 * by what stands first here.
 *
 * @param names resource names, as {@code nvidia.com/gpu}; at least one
 */
public record GpuResources(List<String> names) {
  /** No label key holds a space, so this one can stand among a node's labels. */
  private static final String SELECTOR = "gpu resource";

  private static final int MOST = 16;

  public GpuResources {
    names = List.copyOf(names);
    if (names.isEmpty() || names.size() > MOST || names.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException(
          "gpu-resource: "
              + names
              + "; accepted: 1 to "
              + MOST
              + " names of extended resources, as nvidia.com/gpu");
    }
  }

  /** One resource. */
  public static GpuResources of(String name) {
    return new GpuResources(List.of(name));
  }

  /**
   * How many there are, and of which.
   *
   * @param amount of a resource by name, 0 for none
   */
  public Count count(ToIntFunction<String> amount) {
    for (String name : names) {
      int there = amount.applyAsInt(name);
      if (there > 0) {
        return new Count(name, there);
      }
    }
    return new Count(names.getFirst(), 0);
  }

  /** GPUs of one kind. */
  public record Count(String resource, int gpus) {}

  /** A node's labels, or a pod's node selector, with the kind of GPU it has or needs among them. */
  public Map<String, String> marked(Map<String, String> labels, Count count) {
    if (names.size() == 1 || count.gpus() == 0) {
      return labels;
    }
    Map<String, String> marked = new HashMap<>(labels);
    marked.put(SELECTOR, count.resource());
    return marked;
  }
}
