package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SidecarUserTest {

  private static final String UNPRIVILEGED =
      "{\"runAsNonRoot\":true,\"runAsUser\":65532,\"runAsGroup\":65532}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // OpenShift's admission wrote the pod's user, into the container or the pod.
        "{openshift.io/scc: restricted-v2} | {runAsUser: 1000680000} | {}                       | 1000680000",
        "{openshift.io/scc: restricted-v2} | {}                      | {runAsUser: 1000680000}  | 1000680000",
        // Constraints that restrict no user, or only root.
        "{openshift.io/scc: anyuid}        | {runAsUser: 0}          | {}                       | 65532",
        "{openshift.io/scc: nonroot-v2}    | {}                      | {}                       | 65532",
        // Another cluster: vLLM's user is vLLM's.
        "{}                                | {runAsUser: 1000}       | {}                       | 65532",
      })
  void whereOpenShiftGaveVllmAUserTheRouterHasItToo(
      String annotations, String ofContainer, String ofPod, long user) throws IOException {
    JsonNode pod =
        yaml(
            "{metadata: {annotations: %s}, spec: {securityContext: %s}}"
                .formatted(annotations, ofPod));
    JsonNode engine = yaml("{securityContext: %s}".formatted(ofContainer));

    assertThat(written(SidecarUser.DEFAULT, pod, engine).path("runAsUser").asLong())
        .isEqualTo(user);
  }

  @Test
  void elsewhereItIsAnUnprivilegedOneWithItsGroup() {
    assertThat(written(SidecarUser.DEFAULT)).hasToString(UNPRIVILEGED);
  }

  @Test
  void withNoneTheClusterDecidesAndRootIsStillRefused() {
    assertThat(written(SidecarUser.parse("none"))).hasToString("{\"runAsNonRoot\":true}");
  }

  @Test
  void aNumberIsTheUser() {
    assertThat(SidecarUser.parse("1000").uid()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "root", "None", "2147483648", "99999999999999999999"})
  void rootAndWhatIsNoUserAreRefused(String text) {
    assertThatThrownBy(() -> SidecarUser.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("1 to 2147483647, and none");
  }

  private static ObjectNode written(SidecarUser user) {
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    return written(user, nothing, nothing);
  }

  private static ObjectNode written(SidecarUser user, JsonNode pod, JsonNode engine) {
    ObjectNode security = JsonNodeFactory.instance.objectNode();
    user.writeTo(security, pod, engine);
    return security;
  }

  private static JsonNode yaml(String text) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(text);
  }
}
