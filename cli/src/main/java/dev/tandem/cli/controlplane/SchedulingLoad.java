package dev.tandem.cli.controlplane;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The load driver that is built with the control plane: it fills a cluster with nodes and pods and
 * reports where a scheduler put them. Flags are those of {@code scheduling-load -help}. Each call
 * waits for a process of its own; safe for several threads.
 */
public final class SchedulingLoad {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private final Path program;
  private final Path kubeconfig;

  public SchedulingLoad(RealControlPlane plane) {
    program = plane.binaries().tool("scheduling-load");
    kubeconfig = plane.kubeconfig();
  }

  /**
   * What one run found.
   *
   * @param pods that were made
   * @param bound how many of them were bound before the time was over
   * @param seconds from the first creation to the last bind
   * @param latencyMillis from a pod's creation to the sight of its bind: p50, p99, max
   * @param groupsInNvlinkDomain complete ones with all pods in one NVLink domain
   * @param groupsInLeaf complete ones with all pods under one leaf switch
   * @param overbooked nodes that held more GPUs than they have at any time, with how many
   * @param split nodes of groups that are not in one domain; 20 groups at most
   */
  public record Report(
      int pods,
      int bound,
      double seconds,
      double podsPerSecond,
      Map<String, Double> latencyMillis,
      int groups,
      int groupsComplete,
      int groupsInNvlinkDomain,
      int groupsInLeaf,
      Map<String, Integer> overbooked,
      List<List<String>> split) {
    public Report {
      latencyMillis = Map.copyOf(latencyMillis);
      overbooked = Map.copyOf(overbooked);
      split = List.copyOf(split);
    }
  }

  /** Makes nodes, and pods that fill some of them. */
  public void nodes(String... flags) {
    call("nodes", flags);
  }

  /** Makes pods that are bound already. */
  public void held(String... flags) {
    call("held", flags);
  }

  /**
   * Makes groups of pods, waits until they are bound, and deletes them unless told to keep them.
   */
  public Report run(String... flags) {
    try {
      return JSON.treeToValue(call("run", flags), Report.class);
    } catch (IOException e) {
      throw new UncheckedIOException("a report that cannot be read: " + e.getMessage(), e);
    }
  }

  private JsonNode call(String command, String... flags) {
    List<String> words =
        new ArrayList<>(List.of(program.toString(), command, "-kubeconfig=" + kubeconfig));
    words.addAll(List.of(flags));
    try {
      Process process =
          new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      try {
        process.getOutputStream().close();
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
          throw new IllegalStateException(
              String.join(" ", words) + " failed with status " + status + "; see its output above");
        }
        return JSON.readTree(answer);
      } finally {
        process.destroy();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + program + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted during " + String.join(" ", words), e);
    }
  }
}
