package dev.tandem.topology.facts;

import dev.tandem.api.Level;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known about one node, whatever source said it. Immutable.
 *
 * @param name the node's name
 * @param levels the block the node is in at each level from {@link Level#ZONE} to {@link
 *     Level#NVLINK}, as {@link BlockName#of} has it; a level nobody named is absent, {@link
 *     Level#NODE} is never a key
 * @param gpus allocatable GPUs
 * @param gpuProduct GPU product as GPU feature discovery names it, or null
 * @param gpuMemoryMebibytes memory of one GPU in MiB, 0 if unknown
 * @param problems gaps and conflicts found while reading, one sentence each
 */
public record NodeFacts(
    String name,
    Map<Level, String> levels,
    int gpus,
    @Nullable String gpuProduct,
    int gpuMemoryMebibytes,
    List<String> problems) {

  public NodeFacts {
    if (name.isBlank()) {
      throw new IllegalArgumentException("a node needs a name");
    }
    if (levels.containsKey(Level.NODE)) {
      throw new IllegalArgumentException(
          "node " + name + ": level node is the name itself and cannot be set");
    }
    if (gpus < 0 || gpuMemoryMebibytes < 0) {
      throw new IllegalArgumentException(
          "node " + name + ": gpus and memory cannot be negative: " + gpus);
    }
    EnumMap<Level, String> sorted = new EnumMap<>(Level.class);
    levels.forEach((level, block) -> sorted.put(level, BlockName.of(block)));
    levels = Collections.unmodifiableMap(sorted);
    problems = List.copyOf(problems);
  }

  /** The block of this node at {@code level}; the node's own name at {@link Level#NODE}. */
  public @Nullable String block(Level level) {
    return level == Level.NODE ? name : levels.get(level);
  }
}
