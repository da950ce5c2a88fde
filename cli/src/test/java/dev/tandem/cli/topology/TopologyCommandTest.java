package dev.tandem.cli.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import dev.tandem.api.Level;
import dev.tandem.api.TransferCost;
import dev.tandem.api.Transport;
import dev.tandem.topology.facts.TopologyFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopologyCommandTest {
  private static final String SLURM =
      "SwitchName=s0 Switches=l[0-1]\nSwitchName=l0 Nodes=n[00-07]\nSwitchName=l1 Nodes=n[08-15]\n";

  /** 200 transfers of 100 MB in 1,000 descriptors: 2.5 ms each, 0.1 ms of it posting. */
  private static final String METRICS =
      """
      # TYPE vllm:nixl_xfer_time_seconds histogram
      vllm:nixl_xfer_time_seconds_bucket{engine="0",le="0.005",model_name="m"} 120.0
      vllm:nixl_xfer_time_seconds_count{engine="0",model_name="m"} 120.0
      vllm:nixl_xfer_time_seconds_sum{engine="0",model_name="m"} 0.3
      vllm:nixl_xfer_time_seconds_count{engine="1",model_name="m"} 80.0
      vllm:nixl_xfer_time_seconds_sum{engine="1",model_name="m"} 0.2
      vllm:nixl_post_time_seconds_sum{engine="0",model_name="m"} 0.02
      vllm:nixl_bytes_transferred_sum{engine="0",model_name="m"} 2.0e+10
      vllm:nixl_num_descriptors_sum{engine="0",model_name="m"} 200000.0
      vllm:nixl_num_failed_transfers_total{engine="0",model_name="m"} 3.0
      vllm:num_requests_running{engine="0"} 7
      """;

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new TopologyCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void anImportPrintsTheTreeAndWritesTheFile() throws Exception {
    Path written = folder.resolve("topology.yaml");
    int code = run("import", file("t.conf", SLURM), "--gpus", "8", "--output", written.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            16 nodes, 128 GPUs
              spine s0: 16 nodes
                leaf l0: 8 nodes, n[00-07]
                leaf l1: 8 nodes, n[08-15]
            written: %s
            """
                .formatted(written));
    TopologyFile file = TopologyFile.read(written);
    assertThat(file.nodes()).hasSize(16).allMatch(node -> node.gpus() == 8);
  }

  @Test
  void whatAnImportWritesShowPrints() throws Exception {
    Path written = folder.resolve("topology.yaml");
    run("import", file("t.conf", SLURM), "--output", written.toString());
    out.getBuffer().setLength(0);
    assertThat(run("show", "--topology", written.toString())).isZero();
    assertThat(out.toString()).contains("leaf l1: 8 nodes, n[08-15]").contains("450.0 GB/s");
  }

  @Test
  void anImportAsAConfigMapHoldsTheFileUnderItsKey() throws Exception {
    run(
        "import",
        file("t.conf", SLURM),
        "--configmap",
        "tandem-system/tandem-topology",
        "--output",
        "-");
    JsonNode map = new YAMLMapper().readTree(out.toString());
    assertThat(map.at("/kind").asText()).isEqualTo("ConfigMap");
    assertThat(map.at("/metadata/namespace").asText()).isEqualTo("tandem-system");
    assertThat(TopologyFile.parse(map.at("/data/topology.yaml").asText()).nodes()).hasSize(16);
  }

  @Test
  void aConfigMapAloneIsAllThatGoesToStandardOutput() throws Exception {
    assertThat(run("import", file("t.conf", SLURM), "--configmap", "tandem-topology")).isZero();
    JsonNode map = new YAMLMapper().readTree(out.toString());
    assertThat(out.toString()).startsWith("apiVersion: v1\n");
    assertThat(TopologyFile.parse(map.at("/data/topology.yaml").asText()).nodes()).hasSize(16);
    assertThat(err.toString()).startsWith("16 nodes\n").contains("leaf l1: 8 nodes, n[08-15]");
  }

  @Test
  void conflictsAreSaidAndFailAStrictImportOnly() throws Exception {
    String twice = file("t.conf", SLURM + "SwitchName=l9 Nodes=n00\n");
    assertThat(run("import", twice)).isZero();
    assertThat(out.toString())
        .contains("conflicts\n", "t.conf:4: node n00 is below l0 and below l9; the first counts");
    assertThat(run("import", twice, "--strict")).isEqualTo(1);
  }

  @Test
  void badInputEndsWithTheUsageCodeAndNamesFileAndValue() throws Exception {
    String nonsense = file("t.txt", "nonsense");
    assertThat(run("import", nonsense)).isEqualTo(2);
    assertThat(run("import", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(run("import", nonsense, "--format", "visio")).isEqualTo(2);
    assertThat(run("import", nonsense, "--gpus", "-1")).isEqualTo(2);
    assertThat(run("show")).isEqualTo(2);
    assertThat(err.toString())
        .contains("t.txt: no format known to us; accepted: topograph")
        .contains("--format 'visio'; accepted: topograph")
        .contains("--gpus -1; accepted: 0 to 1024");
  }

  @Test
  void calibrationComputesPostCostAndEfficiencyBesideTheSetup() throws Exception {
    Path written = folder.resolve("transports.yaml");
    int code =
        run(
            "calibrate",
            "rdma=" + file("m.txt", METRICS),
            "--setup-micros",
            "400",
            "--output",
            written.toString());
    assertThat(err.toString()).isEmpty();
    assertThat(code).isZero();
    // 0.5 s - 0.02 s posting - 200 x 0.4 ms setup = 0.4 s for 20 GB: 50 GB/s, the line rate.
    TopologyFile file = TopologyFile.read(written);
    TransferCost.Overhead overhead = new TransferCost(file.transports()).overhead(Transport.RDMA);
    assertThat(overhead.setupSeconds()).isCloseTo(400e-6, within(1e-12));
    assertThat(overhead.postSeconds()).isCloseTo(0.1e-6, within(1e-12));
    assertThat(overhead.efficiency()).isCloseTo(1, within(1e-6));
    assertThat(out.toString())
        .contains("# rdma: 200 transfers (3 failed), 100.0 MB and 1000 descriptors each")
        .contains("0.1000 us a descriptor");
  }

  @Test
  void calibrationReadsUrlsAndPrintsAConfigMap() throws Exception {
    HttpServer engine =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    engine.createContext(
        "/metrics",
        exchange -> {
          byte[] body = METRICS.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    engine.start();
    try {
      String url = "http://127.0.0.1:" + engine.getAddress().getPort() + "/metrics";
      assertThat(run("calibrate", "tcp=" + url, "--line-rate", "tcp=100", "--configmap", "a/b"))
          .isZero();
    } finally {
      engine.stop(0);
    }
    JsonNode map = new YAMLMapper().readTree(out.toString());
    String transports = map.at("/data/transports.yaml").asText();
    assertThat(TopologyFile.parseTransports(transports)).containsOnlyKeys(Transport.TCP);
  }

  @Test
  void calibrationRefusesWhatProvesNothing() throws Exception {
    String metrics = file("m.txt", METRICS);
    assertThat(run("calibrate", "rdma=" + metrics, "--min-transfers", "500")).isEqualTo(2);
    assertThat(run("calibrate", "rdma=" + metrics, "--setup-micros", "5000")).isEqualTo(2);
    assertThat(run("calibrate", "rdma=" + metrics, "--line-rate", "rdma=25")).isEqualTo(2);
    assertThat(run("calibrate", "rdma=" + metrics, "--line-rate", "rdma=NaN")).isEqualTo(2);
    assertThat(run("calibrate", "pigeon=" + metrics)).isEqualTo(2);
    assertThat(run("calibrate", "nvlink=" + metrics)).isEqualTo(2);
    assertThat(run("calibrate", "rdma=" + file("o.txt", "up 1\n"))).isEqualTo(2);
    assertThat(run("calibrate", "rdma=" + file("n.txt", METRICS.replace("0.3", "NaN"))))
        .isEqualTo(2);
    assertThat(err.toString())
        .contains("rdma: 200 transfers; accepted: at least 500")
        .contains("leave nothing beside a setup of 5000.0 us")
        .contains("above the line rate of 25.0")
        .contains("--line-rate rdma=NaN; accepted: 0.001")
        .contains("transport 'pigeon'; accepted: [nvlink")
        .contains("no level is carried by nvlink")
        .contains("o.txt: no vllm:nixl_xfer_time_seconds")
        .contains("n.txt:4: 'vllm:nixl_xfer_time_seconds_sum");
  }

  @Test
  void aTopologyFileThatIsNotThereIsSaid() {
    run("show", "--topology", "/none");
    assertThat(err.toString()).contains("cannot read /none: no such file");
  }

  @Test
  void spoiltMetricsAreReadOrRefusedAndNothingElse() {
    long seed = Long.getLong("tandem.seed", 20_260_101);
    Random random = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      StringBuilder text = new StringBuilder(METRICS);
      for (int i = random.nextInt(6); i >= 0; i--) {
        int at = random.nextInt(text.length());
        if (random.nextBoolean()) {
          text.setCharAt(at, (char) random.nextInt(0x250));
        } else {
          text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
        }
      }
      try {
        Calibration.of(
            Transport.RDMA,
            NixlTotals.parse("m", text.toString()),
            50,
            400e-6,
            1 + random.nextInt(300));
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).as("seed %d", seed).isNotBlank().hasSizeLessThan(500);
      }
    }
  }

  @Test
  void theNearestLevelOfATransportSaysItsLineRate() throws Exception {
    String topology = file("t.yaml", "links: {leaf: {bandwidth: 100, transport: rdma}}\n");
    assertThat(TopologyFile.read(Path.of(topology)).bandwidth()).containsKey(Level.LEAF);
    run(
        "calibrate",
        "rdma=" + file("m.txt", METRICS),
        "--topology",
        topology,
        "--setup-micros",
        "400");
    assertThat(out.toString()).contains("50.00 of 100.0 GB/s: efficiency 0.500");
  }
}
