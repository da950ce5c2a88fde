package dev.tandem.topology.imports;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A description of a cluster that can be imported. */
public enum Format {
  /** Simulation model of NVIDIA/topograph: {@code switches} and {@code blocks} in YAML. */
  TOPOGRAPH("(?m)^(switches|blocks|capacity_blocks) *:"),
  /** Slurm's topology.conf, tree or block. */
  SLURM("(?mi)^[ \\t]*+(SwitchName|BlockName)[ \\t]*+="),
  /** The text {@code ibnetdiscover} prints. */
  IBNETDISCOVER("(?m)^(Switch|Ca)\\s+\\d+\\s+\""),
  /** The matrix {@code nvidia-smi topo -m} prints. */
  NVIDIA_SMI("(?m)^[^\\w\\n]{0,64}(?:4m)?[ \\t]{0,64}GPU0\\s");

  private final Pattern sign;

  Format(String sign) {
    this.sign = Pattern.compile(sign);
  }

  /** The value in flags: lower case, with a dash. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The format with this label, or null. */
  public static @Nullable Format parse(String label) {
    for (Format format : values()) {
      if (format.label().equals(label)) {
        return format;
      }
    }
    return null;
  }

  /** All labels, for messages. */
  public static String accepted() {
    return String.join(", ", Arrays.stream(values()).map(Format::label).toList());
  }

  /** The format a text looks like, or null. */
  static @Nullable Format of(String text) {
    for (Format format : values()) {
      if (format.sign.matcher(text).find()) {
        return format;
      }
    }
    return null;
  }

  /**
   * Reads a text.
   *
   * @param format the format, or null to tell it from the text
   * @throws ImportRefused if the format cannot be told or the text has nothing of it
   */
  public static Imported read(Source source, @Nullable Format format) {
    Format known = format == null ? of(source.text()) : format;
    if (known == null) {
      throw new ImportRefused(
          "%s: no format known to us; accepted: %s; --format names it"
              .formatted(source.name(), accepted()));
    }
    Imported imported =
        switch (known) {
          case TOPOGRAPH -> TopographModel.read(source);
          case SLURM -> SlurmTopology.read(source);
          case IBNETDISCOVER -> IbFabric.read(source);
          case NVIDIA_SMI -> GpuMatrix.read(source);
        };
    if (imported.nodes().isEmpty()) {
      throw new ImportRefused(
          "%s: read as %s, it names no node%s"
              .formatted(
                  source.name(),
                  known.label(),
                  imported.findings().isEmpty()
                      ? ""
                      : ": " + imported.findings().getFirst().text()));
    }
    return imported;
  }
}
