package dev.tandem.simulator.benchmark;

import java.util.Map;

/**
 * What a benchmark found, ready to be written.
 *
 * @param tables Markdown
 * @param pictures SVG by file name
 */
public record Page(String tables, Map<String, String> pictures) {
  public Page {
    pictures = Map.copyOf(pictures);
  }
}
