package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The restricted Pod Security standard (k8s.io/pod-security-admission, policy): whatever the pod
 * around them is like, what we add does not break it.
 */
final class RestrictedSidecarTest {

  /** Kinds of volumes the standard allows. */
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  static List<String> names() {
    return Golden.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theRouterAndItsVolumesKeepToIt(String name) throws IOException {
    for (Manifests.Outcome outcome : Golden.injected(Golden.input(name)).outcomes()) {
      if (outcome.result() instanceof InjectionResult.Injected injected) {
        ObjectNode router = RouterSidecar.in(injected.pod());
        if (router != null) {
          keepsTo(router.path("securityContext"));
          keepsTo(
              injected.pod().path("spec").path("volumes"), SidecarVolumes.added(injected.pod()));
        }
      }
    }
  }

  private static void keepsTo(JsonNode security) {
    assertThat(security.path("privileged").asBoolean()).isFalse();
    assertThat(security.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(security.path("capabilities").path("drop").path(0).asText()).isEqualTo("ALL");
    assertThat(security.path("capabilities").path("add")).isEmpty();
    assertThat(security.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(security.path("runAsUser").asLong(1)).isNotZero();
    assertThat(security.path("seccompProfile").path("type").asText()).isEqualTo("RuntimeDefault");
    assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
  }

  private static void keepsTo(JsonNode volumes, List<String> ours) {
    Stream.iterate(0, i -> i < volumes.size(), i -> i + 1)
        .map(volumes::path)
        .filter(volume -> ours.contains(volume.path("name").asText()))
        .forEach(volume -> {
          ObjectNode kind = volume.deepCopy();
          kind.remove("name");
          assertThat(kind.fieldNames()).toIterable().hasSize(1).isSubsetOf(VOLUMES);
        });
  }
}
