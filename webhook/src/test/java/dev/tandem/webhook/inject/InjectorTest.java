package dev.tandem.webhook.inject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tandem.api.Keys;
import dev.tandem.webhook.annotations.RouterOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InjectorTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Origin LABEL_ONLY = new Origin("default", false);
  private static final Origin NAMESPACE_OPTED_IN = new Origin("default", true);

  private final Injector injector = new Injector(InjectionConfig.DEFAULT);

  @Test
  void aPodWithoutTheLabelIsLeftAlone() throws IOException {
    assertThat(injector.inject(pod("{}"), LABEL_ONLY))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.NOT_OPTED_IN));
  }

  @Test
  void aPodWithoutTheLabelIsInjectedWhereItsNamespaceOptedIn() throws IOException {
    assertThat(injector.inject(pod("{}"), NAMESPACE_OPTED_IN))
        .isInstanceOf(InjectionResult.Injected.class);
  }

  @Test
  void thePodsFalseWinsOverItsNamespacesTrue() throws IOException {
    assertThat(injector.inject(pod("{" + Keys.INJECT + ": \"false\"}"), NAMESPACE_OPTED_IN))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.OPTED_OUT));
  }

  @Test
  void aMistypedLabelIsRefusedAndNotOverlooked() throws IOException {
    assertThat(injector.inject(pod("{" + Keys.INJECT + ": \"yes\"}"), LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains(Keys.INJECT, "\"yes\"", "\"true\", \"false\"");
  }

  @Test
  void aLabelWithoutQuotesIsRefusedAsAnApiServerDoes() throws IOException {
    assertThat(injector.inject(pod("{" + Keys.INJECT + ": true}"), LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains(Keys.INJECT, "in quotes");
  }

  @Test
  void aPodOfAnOptedInNamespaceThatRunsNoVllmIsLeftAlone() throws IOException {
    ObjectNode pod = read("{spec: {containers: [{name: redis, image: redis}]}}");
    assertThat(injector.inject(pod, NAMESPACE_OPTED_IN))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.NOT_VLLM));
  }

  @Test
  void aBenchmarkInAnOptedInNamespaceIsLeftAlone() throws IOException {
    ObjectNode pod =
        read(
            "{spec: {containers: [{name: b, image: 'vllm/vllm-openai:v0.26.0',"
                + " command: [vllm, bench, serve, --model, m]}]}}");
    assertThat(injector.inject(pod, NAMESPACE_OPTED_IN))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.NOT_VLLM));
  }

  @Test
  void aLabelledPodThatRunsNoVllmIsRefusedWithTheContainersToChooseFrom() throws IOException {
    ObjectNode pod =
        read(
            "{metadata: {labels: {%s: 'true'}}, spec: {containers: [{name: a}, {name: b}]}}"
                .formatted(Keys.INJECT));
    assertThat(injector.inject(pod, LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains(Keys.CONTAINER, "a, b");
  }

  /** The API server makes up a name for each pod; a template in a file has no such volume yet. */
  @Test
  void podsOfATemplateCarryItsHashWhateverTheirTokensAreCalled() throws IOException {
    String template = template(pod("{" + Keys.INJECT + ": 'true'}"));
    for (String name : List.of("kube-api-access-x7k2p", "kube-api-access-9zz4d")) {
      ObjectNode pod = pod("{" + Keys.INJECT + ": 'true'}");
      pod.withObject("/spec").withArrayProperty("volumes").add(token(name, ""));
      assertThat(template(pod)).isEqualTo(template);
      assertThat(volumes(pod)).containsExactly(name, "tandem-locality");
    }
  }

  /** It says less than the router reads. */
  @ParameterizedTest
  @ValueSource(strings = {", audience: vault", ", path: other"})
  void aVolumeThatOnlyHasTheNameOfATokensIsNotUsed(String difference) throws IOException {
    ObjectNode pod = pod("{" + Keys.INJECT + ": 'true'}");
    pod.withObject("/spec")
        .withArrayProperty("volumes")
        .add(token("kube-api-access-mine", difference));
    assertThat(volumes(pod))
        .containsExactly("kube-api-access-mine", "tandem-locality", "tandem-token");
  }

  private static ObjectNode token(String name, String difference) throws IOException {
    String path = difference.contains("path") ? "" : ", path: token";
    return read(
        """
        {name: %s, projected: {defaultMode: 420, sources: [
          {serviceAccountToken: {expirationSeconds: 3607%s%s}},
          {configMap: {name: kube-root-ca.crt, items: [{key: ca.crt, path: ca.crt}]}}]}}
        """
            .formatted(name, path, difference));
  }

  private List<String> volumes(ObjectNode pod) {
    ObjectNode injected = ((InjectionResult.Injected) injector.inject(pod, LABEL_ONLY)).pod();
    return injected.path("spec").path("volumes").findValuesAsText("name").stream()
        .filter(name -> !name.equals("kube-root-ca.crt"))
        .toList();
  }

  private String template(ObjectNode pod) {
    return ((InjectionResult.Injected) injector.inject(pod, LABEL_ONLY)).template();
  }

  @Test
  void anInjectedPodIsLeftAlone() throws IOException {
    InjectionResult first = injector.inject(pod("{" + Keys.INJECT + ": 'true'}"), LABEL_ONLY);
    ObjectNode injected = ((InjectionResult.Injected) first).pod();
    assertThat(injector.inject(injected, LABEL_ONLY))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.ALREADY_INJECTED));
  }

  @Test
  void anInjectedPodWhoseRouterWasThrownOutIsRefused() throws IOException {
    InjectionResult first = injector.inject(pod("{" + Keys.INJECT + ": 'true'}"), LABEL_ONLY);
    ObjectNode damaged = ((InjectionResult.Injected) first).pod().deepCopy();
    ((ObjectNode) damaged.path("spec")).remove("initContainers");
    assertThat(injector.inject(damaged, LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains(Keys.INJECTED, "tandem-router", "is gone");
  }

  @Test
  void aCopyOfARunningPodLosesTheLocalityItBroughtAlong() throws IOException {
    InjectionResult first = injector.inject(pod("{" + Keys.INJECT + ": 'true'}"), LABEL_ONLY);
    ObjectNode copy = ((InjectionResult.Injected) first).pod().deepCopy();
    ObjectNode annotations = (ObjectNode) copy.path("metadata").path("annotations");
    annotations.put(Keys.LOCALITY, "node=a@50/pcie");
    assertThat(injector.inject(copy, LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Skipped.class))
        .satisfies(
            again -> assertThat(again.patch()).hasSize(1),
            again -> assertThat(again.patch().path(0).path("op").asText()).isEqualTo("remove"));
  }

  @Test
  void mirrorAndWindowsPodsAreLeftAlone() throws IOException {
    ObjectNode mirror = pod("{" + Keys.INJECT + ": 'true'}");
    ObjectNode windows = mirror.deepCopy();
    ((ObjectNode) mirror.path("metadata"))
        .putObject("annotations")
        .put("kubernetes.io/config.mirror", "x");
    ((ObjectNode) windows.path("spec")).putObject("os").put("name", "windows");
    assertThat(injector.inject(mirror, LABEL_ONLY))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.MIRROR_POD));
    assertThat(injector.inject(windows, LABEL_ONLY))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.WINDOWS));
  }

  @Test
  void aThirdContainerIsFoundByItsGpuAlone() throws IOException {
    ObjectNode pod =
        read(
            """
            metadata: {labels: {%s: 'true'}, annotations: {%s: m}}
            spec:
              containers:
                - {name: a, image: x}
                - {name: gpu, image: y, resources: {limits: {nvidia.com/gpu: 1}}}
            """
                .formatted(Keys.INJECT, Keys.MODEL));
    assertThat(injector.inject(pod, LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Injected.class))
        .extracting(injected -> injected.pod().at("/spec/containers/1/args/1").asText())
        .isEqualTo("8200");
  }

  @Test
  void aForeignContainerAddedBetweenTwoPassesStaysAsItIs() throws IOException {
    InjectionResult first = injector.inject(pod("{" + Keys.INJECT + ": 'true'}"), LABEL_ONLY);
    ObjectNode changed = ((InjectionResult.Injected) first).pod().deepCopy();
    changed.withArray("/spec/containers").addObject().put("name", "istio-proxy");
    assertThat(injector.inject(changed, LABEL_ONLY))
        .isEqualTo(InjectionResult.Skipped.unchanged(SkipReason.ALREADY_INJECTED));
  }

  @Test
  void textThatIsNoPodIsRefusedWithThePlaceThatIsWrong() throws IOException {
    JsonNode pod =
        read("{metadata: {labels: {%s: 'true'}}, spec: {containers: yes}}".formatted(Keys.INJECT));
    assertThat(injector.inject((ObjectNode) pod, LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Denied.class))
        .extracting(InjectionResult.Denied::message)
        .asString()
        .contains("spec.containers");
  }

  @Test
  void theInstallationsFlagsForRoutersGiveWayToThePods() throws IOException {
    InjectionConfig config =
        InjectionConfig.DEFAULT.with(
            new RouterOptions(List.of("--policy=Session", "--queue-entries=64")));
    ObjectNode pod = pod("{" + Keys.INJECT + ": 'true'}");
    pod.withObject("/metadata/annotations").put(Keys.ROUTER_OPTIONS, "--policy=PrefixHash");
    assertThat(new Injector(config).inject(pod, LABEL_ONLY))
        .asInstanceOf(type(InjectionResult.Injected.class))
        .extracting(injected -> injected.pod().at("/spec/initContainers/0/args").toString())
        .asString()
        .endsWith("\"--queue-entries=64\",\"--policy=PrefixHash\"]");
  }

  private static ObjectNode pod(String labels) throws IOException {
    return read(
        """
        metadata: {labels: %s}
        spec: {containers: [{name: vllm, image: 'vllm/vllm-openai:v0.26.0', args: [--model, m]}]}
        """
            .formatted(labels));
  }

  private static ObjectNode read(String yaml) throws IOException {
    return (ObjectNode) YAML.readTree(yaml);
  }
}
