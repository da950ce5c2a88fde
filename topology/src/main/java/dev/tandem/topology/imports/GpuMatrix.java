package dev.tandem.topology.imports;

import dev.tandem.api.Level;
import dev.tandem.api.Transport;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.NodeFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The matrix of {@code nvidia-smi topo -m}: how the GPUs of one node reach each other. It does not
 * name the node; the source does.
 *
 * <p>NV# is so many NVLinks between two GPUs. One link moves 25 GB/s one way from NVLink 2 to 4 and
 * 50 with NVLink 5; the matrix does not say which, so 25 is taken and said. Everything else is
 * PCIe, at the default speed: the matrix does not know its generation.
 */
final class GpuMatrix {
  private static final double GIGABYTES_PER_SECOND_A_LINK = 25;
  private static final int MOST_GPUS = 256;
  private static final Set<String> PCIE = Set.of("PIX", "PXB", "PHB", "NODE", "SYS", "SOC");
  private static final Pattern COLOUR = Pattern.compile("\\u001b\\[[0-9;]{0,16}m");
  private static final Pattern DEVICE = Pattern.compile("(GPU|NIC|mlx\\d+_)\\d{1,4}");
  private static final Pattern GPU = Pattern.compile("GPU\\d{1,4}");
  private static final Pattern NVLINKS = Pattern.compile("NV(\\d{1,3})");

  private final Source source;
  private final Findings findings = new Findings();
  private final List<String> columns = new ArrayList<>();
  private int gpus;
  private @Nullable Span link;

  private GpuMatrix(Source source) {
    this.source = source;
  }

  static Imported read(Source source) {
    if (!Source.nodeName(source.node())) {
      throw new ImportRefused(
          "%s: nvidia-smi does not name the node and '%s' cannot be a node's name; give NODE=FILE"
              .formatted(source.name(), Source.shown(source.node())));
    }
    GpuMatrix reading = new GpuMatrix(source);
    int number = 0;
    for (String line : (Iterable<String>) source.text().lines()::iterator) {
      reading.line(COLOUR.matcher(line).replaceAll("").strip(), ++number);
    }
    return reading.imported();
  }

  private void line(String line, int number) {
    if (line.isEmpty() || line.startsWith("Legend")) {
      return;
    }
    String[] cells = line.split("\\s+", 2 * MOST_GPUS);
    if (columns.isEmpty()) {
      header(cells);
    } else if (GPU.matcher(cells[0]).matches()) {
      row(cells, number);
    }
  }

  private void header(String[] cells) {
    if (!GPU.matcher(cells[0]).matches()) {
      return;
    }
    for (String cell : cells) {
      if (!DEVICE.matcher(cell).matches()) {
        break;
      }
      columns.add(cell);
    }
    if (columns.size() > MOST_GPUS) {
      throw new ImportRefused(
          "%s: more than %d columns; accepted: at most that many"
              .formatted(source.name(), MOST_GPUS));
    }
  }

  private void row(String[] cells, int number) {
    gpus++;
    for (int i = 0; i < columns.size(); i++) {
      if (!GPU.matcher(columns.get(i)).matches()) {
        continue;
      }
      if (i + 1 >= cells.length) {
        findings.conflict(
            "%s: %s has %d of %d cells"
                .formatted(source.at(number), cells[0], cells.length - 1, columns.size()));
        return;
      }
      cell(cells[0], columns.get(i), cells[i + 1], number);
    }
  }

  private void cell(String row, String column, String value, int number) {
    Matcher nvlinks = NVLINKS.matcher(value);
    if (row.equals(column) || value.equals("X")) {
      return;
    }
    if (nvlinks.matches() && Integer.parseInt(nvlinks.group(1)) > 0) {
      int links = Integer.parseInt(nvlinks.group(1));
      add(Span.of(links * GIGABYTES_PER_SECOND_A_LINK, Transport.NVLINK));
    } else if (PCIE.contains(value)) {
      add(
          Span.of(
              LinkSpeeds.defaults().link(Level.NODE).bandwidthGigabytesPerSecond(),
              Transport.PCIE));
    } else {
      findings.conflict(
          "%s: %s to %s is '%s'; accepted: X, NV#, PIX, PXB, PHB, NODE, SYS"
              .formatted(source.at(number), row, column, Source.shown(value)));
    }
  }

  private void add(Span span) {
    link = link == null ? span : link.and(span);
  }

  private Imported imported() {
    if (columns.isEmpty()) {
      throw new ImportRefused(source.name() + ": no line of GPU0, GPU1 and so on; not a matrix");
    }
    int wide = (int) columns.stream().filter(column -> GPU.matcher(column).matches()).count();
    if (wide != gpus) {
      findings.conflict(
          "%s: %d GPU columns and %d GPU rows; the rows count"
              .formatted(source.name(), wide, gpus));
    }
    Span seen = link;
    if (seen != null && seen.transport() == Transport.NVLINK) {
      findings.note(
          ("node %s: NVLink between its GPUs, taken as 25 GB/s a link one way (NVLink 2 to 4);"
                  + " it is 50 with NVLink 5. Two pods use it only if they may map each other's"
                  + " memory")
              .formatted(source.node()));
    }
    return new Imported(
        List.of(new NodeFacts(source.node(), Map.of(), gpus, null, 0, List.of())),
        seen == null ? Map.of() : Map.of(Level.NODE, seen),
        findings.list());
  }
}
