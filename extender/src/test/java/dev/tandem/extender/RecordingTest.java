package dev.tandem.extender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.api.Keys;
import dev.tandem.edge.cluster.MockCluster;
import dev.tandem.extender.record.Replay;
import dev.tandem.extender.record.SegmentResult;
import dev.tandem.extender.record.Summary;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole extender that records, over real HTTP against fabric8's stand-in for the API server. */
@SuppressWarnings("NullAway.Init") // set by the extension
class RecordingTest {
  private static final String GPUS = "nvidia.com/gpu";

  @AutoClose private final MockCluster cluster = new MockCluster();
  private final KubernetesClient client = cluster.client();
  @TempDir Path folder;

  private static String post(HttpClient http, int port, String path, String body) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void whatAnExtenderAnsweredIsReplayedWithoutADifference() throws Exception {
    for (int i = 0; i < 4; i++) {
      client
          .nodes()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("gpu-" + i)
                  .addToLabels("accelerator.topograph.run/domain", "n" + i / 2)
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(GPUS, new Quantity("8"))
                  .endStatus()
                  .build())
          .create();
    }
    ExtenderConfig config = ExtenderConfig.defaults().withRecording(new Recording(folder, 16));
    try (Extender extender = Extender.start(config, client);
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(extender.awaitReady(Duration.ofSeconds(60))).isTrue();
      for (String role : List.of("prefill", "decode")) {
        String body =
            """
            {"Pod":{"metadata":{"name":"%s","namespace":"llm","uid":"uid-%s","annotations":{
            "%s":"%s","%s":"chat"}},"spec":{"containers":[{"resources":{"limits":{"%s":"8"}}}]}},
            "Nodes":null,"NodeNames":["gpu-0","gpu-1","gpu-2","gpu-3"]}
            """
                .formatted(role, role, Keys.ROLE, role, Keys.GROUP, GPUS);
        assertThat(post(http, extender.port(), "/filter", body)).contains("gpu-");
        assertThat(post(http, extender.port(), "/prioritize", body)).contains("\"Score\":10");
      }
      String metrics =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + extender.port() + "/metrics"))
                      .build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      assertThat(metrics)
          .contains("tandem_extender_recording{state=\"active\"} 1.0")
          .contains("tandem_extender_recorded_calls_total")
          .contains("tandem_extender_recording_dropped_total 0.0");
    }
    List<SegmentResult> results = new ArrayList<>();
    Summary summary = new Replay(folder, Replay.Change.none()).run(1, results::add);
    assertThat(summary.calls()).isEqualTo(4);
    assertThat(summary.same()).isEqualTo(4);
    assertThat(results).flatExtracting(SegmentResult::damages).isEmpty();
  }

  @Test
  void aFolderThatCannotBeWrittenIsRefusedAtTheStart() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));
    ExtenderConfig config = ExtenderConfig.defaults().withRecording(new Recording(file, 16));
    assertThatThrownBy(() -> Extender.start(config, client))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("--record: " + file);
  }

  @Test
  void aBoundTooSmallForASnapshotIsRefused() {
    assertThatThrownBy(() -> new Recording(folder, 1))
        .hasMessageContaining("record-megabytes: 1; accepted: 16 to");
  }
}
