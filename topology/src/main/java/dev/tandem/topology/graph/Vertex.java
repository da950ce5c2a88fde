package dev.tandem.topology.graph;

import dev.tandem.api.Level;

/**
 * A node, a switch or a domain.
 *
 * @param level {@link Level#NODE} for nodes, {@link Level#NVLINK} for NVLink domains, else the
 *     switch tier
 * @param name unique within its level
 */
public record Vertex(Level level, String name) {
  @Override
  public String toString() {
    return level.label() + " " + name;
  }
}
