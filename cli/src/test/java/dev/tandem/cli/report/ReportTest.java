package dev.tandem.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.GroupSize;
import dev.tandem.api.Role;
import dev.tandem.cli.workload.Served;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final String ABOVE = "zone=z1@3.1/tcp,core=c0@12.5/rdma,spine=s0@25/rdma,";

  @Test
  void theJsonIsAsPromised() throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (InputStream golden =
        Objects.requireNonNull(ReportTest.class.getResourceAsStream("report.json"))) {

      assertThat(json.readTree(ReportJson.write(report()))).isEqualTo(json.readTree(golden));
    }
  }

  @Test
  void theTableNamesEveryPodAndBothRuns() {
    String text = new ReportTable(report(), 140, Ink.NONE).text();

    assertThat(text)
        .contains("p-1", "d-1", "b-1", "gpu-000", "NVLink n00", "beside its group")
        .contains("baseline", "time to first token, mean (s)", "0.50 x")
        .doesNotContain("\u001b");
  }

  @Test
  void everyLineOfTheTableIsAsWideAsItsBox() {
    String text = new ReportTable(report(), 100, Ink.NONE).text();

    List<String> box =
        text.lines().dropWhile(line -> !line.startsWith("┌")).takeWhile(l -> !l.isEmpty()).toList();
    assertThat(box).hasSizeGreaterThan(5).allMatch(line -> line.length() == box.get(0).length());
  }

  @Test
  void aGroupThatMissesAPodIsNotComplete() {
    GroupPlace group =
        GroupPlace.of(
            "g",
            new GroupSize(Map.of(Role.PREFILL, 2, Role.DECODE, 1)),
            ours().subList(0, 2),
            1_000);

    assertThat(group.complete()).isFalse();
    assertThat(group.pods()).isEqualTo(2);
  }

  @Test
  void percentilesAreNearestRank() {
    double[] seconds = new double[100];
    for (int i = 0; i < 100; i++) {
      seconds[i] = (100 - i) / 1000.0;
    }

    RequestSummary.Ttft ttft = Objects.requireNonNull(RequestSummary.Ttft.of(seconds));

    assertThat(ttft.p50()).isEqualTo(50);
    assertThat(ttft.p99()).isEqualTo(99);
  }

  private static UpReport report() {
    return new UpReport(
        run(ours(), List.of(served(0, 0.5, "p-1", null), served(1, 1.5, null, null))),
        run(
            List.of(
                pod(
                    "p-2",
                    "g",
                    Role.PREFILL,
                    "gpu-000",
                    "n00",
                    "nvlink=n00@450/mnnvl,node=gpu-000@50/pcie"),
                pod(
                    "d-2",
                    "g",
                    Role.DECODE,
                    "gpu-004",
                    "n01",
                    "nvlink=n01@450/mnnvl,node=gpu-004@50/pcie")),
            List.of(
                served(0, 2.0, "p-2", null),
                served(1, 2.0, "p-2", null),
                served(2, null, null, "status 500"))),
        new UpReport.Setting("2 generated requests (seed 1)", 1, 12, 8_000, "2 nodes", "embedded"));
  }

  private static RunReport run(List<PodPlace> pods, List<Served> served) {
    return new RunReport(
        List.of(
            GroupPlace.of(
                "g",
                new GroupSize(Map.of(Role.PREFILL, 1, Role.DECODE, 1)),
                pods.stream().filter(pod -> "g".equals(pod.group())).toList(),
                8_000)),
        pods,
        RequestSummary.of(served));
  }

  private static List<PodPlace> ours() {
    return List.of(
        pod(
            "p-1",
            "g",
            Role.PREFILL,
            "gpu-000",
            "n00",
            "nvlink=n00@450/mnnvl,node=gpu-000@50/pcie"),
        pod("d-1", "g", Role.DECODE, "gpu-001", "n00", "nvlink=n00@450/mnnvl,node=gpu-001@50/pcie"),
        pod("b-1", null, Role.BOTH, "gpu-002", "n00", null));
  }

  private static PodPlace pod(
      String name,
      @Nullable String group,
      Role role,
      String node,
      String domain,
      @Nullable String locality) {
    return new PodPlace(
        name,
        group,
        role,
        "llama-3.1-70b",
        node,
        domain,
        locality == null ? null : ABOVE + locality,
        "beside its group",
        null,
        4);
  }

  private static Served served(
      int index, @Nullable Double first, @Nullable String prefillPod, @Nullable String error) {
    return new Served(index, "llama-3.1-70b", 0, first, 1_000, 250, prefillPod, "d-1", error);
  }
}
