package dev.tandem.cli.topology;

import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import dev.tandem.topology.facts.LinkSpeeds;
import dev.tandem.topology.facts.TopologyFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What engines measured, as the overheads the extender reads. */
@Command(
    name = "calibrate",
    mixinStandardHelpOptions = true,
    description = {
      "Reads the metrics of vLLM engines that pulled KV cache over a known transport, and computes",
      "the bandwidth reached and the cost of posting a descriptor. Writes them as the extender",
      "reads them: as a file for --transports, or as a ConfigMap for --config-map."
    })
final class TopologyCalibrateCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "TRANSPORT=FILE|URL",
      description =
          "Metrics of an engine, and what carried its transfers: nvlink, mnnvl, pcie, rdma or tcp.")
  private List<String> inputs = new ArrayList<>();

  @Option(
      names = "--line-rate",
      paramLabel = "TRANSPORT=GB/s",
      description =
          "Line rate of a transport; default: that of the nearest level that has it, in the"
              + " topology file or by default.")
  private Map<String, Double> lineRates = Map.of();

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      description = "Topology file whose links say the line rates.")
  private @Nullable Path topology;

  @Option(
      names = "--setup-micros",
      paramLabel = "N",
      description = "Setup of a transfer; default: the transport's.")
  private @Nullable Double setupMicros;

  @Option(
      names = "--min-transfers",
      paramLabel = "N",
      defaultValue = "100",
      description = "Fewest transfers a transport is judged by (default: ${DEFAULT-VALUE}).")
  private int minTransfers;

  @Option(names = "--output", paramLabel = "FILE", description = "Write the transports to a file.")
  private @Nullable Path output;

  @Option(
      names = "--configmap",
      paramLabel = "[NAMESPACE/]NAME",
      description = "Print or write a ConfigMap with the transports under transports.yaml.")
  private @Nullable String configMap;

  @Override
  public Integer call() {
    CommandSpec command = spec;
    if (command == null) {
      throw new IllegalStateException("picocli calls this command");
    }
    try {
      run(command.commandLine().getOut());
      return CommandLine.ExitCode.OK;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new ParameterException(
          command.commandLine(), "cannot read or write " + e.getMessage(), e);
    }
  }

  private void run(PrintWriter out) throws IOException {
    if (minTransfers < 1) {
      throw new IllegalArgumentException(
          "--min-transfers " + minTransfers + "; accepted: 1 or more");
    }
    LinkSpeeds speeds =
        topology == null ? LinkSpeeds.defaults() : TopologyFile.read(topology).speeds();
    Map<Transport, Double> rates = lineRates(speeds);
    Map<Transport, TransferCost.Overhead> overheads = new EnumMap<>(Transport.class);
    for (Map.Entry<Transport, NixlTotals> measured : totals().entrySet()) {
      Transport transport = measured.getKey();
      double setup =
          setupMicros == null
              ? TransferCost.defaults().overhead(transport).setupSeconds()
              : setupMicros / 1e6;
      Calibration calibration =
          Calibration.of(
              transport, measured.getValue(), rate(rates, transport), setup, minTransfers);
      say(out, calibration, rate(rates, transport));
      overheads.put(transport, calibration.overhead());
    }
    String yaml = new TopologyFile(List.of(), Map.of(), Map.of(), overheads, Map.of()).yaml();
    String written =
        configMap == null ? yaml : ConfigMapText.of(configMap, "transports.yaml", yaml);
    if (output == null) {
      out.print(written);
    } else {
      Files.writeString(output, written);
      out.println("# written: " + output);
    }
    out.flush();
  }

  private Map<Transport, NixlTotals> totals() throws IOException {
    Map<Transport, NixlTotals> totals = new EnumMap<>(Transport.class);
    for (String input : inputs) {
      int equals = input.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("'" + input + "'; accepted: TRANSPORT=FILE|URL");
      }
      String origin = input.substring(equals + 1);
      totals.merge(
          transport(input.substring(0, equals)),
          NixlTotals.parse(origin, MetricsText.read(origin)),
          NixlTotals::and);
    }
    return totals;
  }

  /** By default a transport's rate is that of the nearest level it carries. */
  private Map<Transport, Double> lineRates(LinkSpeeds speeds) {
    Map<Transport, Double> rates = new EnumMap<>(Transport.class);
    for (Level level : Level.values()) { // far to near
      LinkSpeeds.Link link = speeds.link(level);
      rates.put(link.transport(), link.bandwidthGigabytesPerSecond());
    }
    lineRates.forEach((name, rate) -> {
      if (!(rate >= LinkSpeeds.Link.LEAST && rate <= LinkSpeeds.Link.MOST)) {
        throw new IllegalArgumentException(
            "--line-rate %s=%s; accepted: %s to %s"
                .formatted(name, rate, LinkSpeeds.Link.LEAST, LinkSpeeds.Link.MOST));
      }
      rates.put(transport(name), rate);
    });
    return rates;
  }

  private static double rate(Map<Transport, Double> rates, Transport transport) {
    Double rate = rates.get(transport);
    if (rate == null) {
      throw new IllegalArgumentException(
          "no level is carried by %s; --line-rate %s=N says its line rate"
              .formatted(transport.label(), transport.label()));
    }
    return rate;
  }

  private static Transport transport(String name) {
    Transport transport = Transport.parse(name);
    if (transport == null) {
      throw new IllegalArgumentException(
          "transport '%s'; accepted: %s"
              .formatted(name, Arrays.stream(Transport.values()).map(Transport::label).toList()));
    }
    return transport;
  }

  private static void say(PrintWriter out, Calibration calibration, double lineRate) {
    NixlTotals totals = calibration.totals();
    TransferCost.Overhead usual = TransferCost.defaults().overhead(calibration.transport());
    out.printf(
        "# %s: %.0f transfers (%.0f failed), %.1f MB and %.0f descriptors each%n",
        calibration.transport().label(),
        totals.transfers(),
        totals.failed(),
        totals.bytes() / totals.transfers() / 1e6,
        totals.descriptors() / totals.transfers());
    out.printf(
        "#   %.2f of %.1f GB/s: efficiency %.3f (default %.3f)%n",
        calibration.gigabytesPerSecond(),
        lineRate,
        calibration.overhead().efficiency(),
        usual.efficiency());
    out.printf(
        "#   %.4f us a descriptor (default %.4f), %.0f %% of the time posting%n",
        calibration.overhead().postSeconds() * 1e6,
        usual.postSeconds() * 1e6,
        100 * totals.postSeconds() / totals.transferSeconds());
  }
}
