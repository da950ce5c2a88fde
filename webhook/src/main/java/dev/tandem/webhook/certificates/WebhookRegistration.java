package dev.tandem.webhook.certificates;

import dev.tandem.api.Keys;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The four entries by which the API server knows us, for a webhook reached by a loopback URL. In a
 * cluster the manifests hold the same entries with a Service instead of the URL. Immutable.
 *
 * <p>The entries of a pair are disjoint, so that no object is sent twice: pods that carry the
 * label, and pods without it in namespaces that carry it; all binds in such namespaces, and those
 * of our scheduler in others. All fail open.
 *
 * @param name of the configuration
 * @param url where we listen, without a path: {@code https://127.0.0.1:8443}
 * @param schedulerUsers user names of our scheduler, at least one
 * @param excludedNamespaces namespaces whose pods are never touched
 */
public record WebhookRegistration(
    String name, String url, List<String> schedulerUsers, List<String> excludedNamespaces) {

  /** Where reviews of pods are posted. */
  public static final String PODS_PATH = "/mutate-pods";

  /** Where reviews of Bindings are posted. */
  public static final String BINDINGS_PATH = "/mutate-bindings";

  /** Pods wait for us at creation only; a review takes milliseconds. */
  private static final int POD_TIMEOUT_SECONDS = 5;

  /** A bind holds the scheduler up. */
  private static final int BINDING_TIMEOUT_SECONDS = 1;

  public WebhookRegistration {
    if (schedulerUsers.isEmpty()) {
      throw new IllegalArgumentException("scheduler users: none given; at least one is needed");
    }
    schedulerUsers = List.copyOf(schedulerUsers);
    excludedNamespaces = List.copyOf(excludedNamespaces);
  }

  /** The configuration object that trusts what {@code caBundlePem} signed. */
  public MutatingWebhookConfiguration configuration(String caBundlePem) {
    List<MutatingWebhook> entries =
        List.of(
            pods("labelled-pods", namespaces(), labelled(), caBundlePem),
            pods("namespace-pods", namespaces(optedIn()), unlabelled(), caBundlePem),
            bindings("namespace-bindings", namespaces(optedIn()), List.of(), caBundlePem),
            bindings("scheduler-bindings", namespaces(notOptedIn()), ourScheduler(), caBundlePem));
    return new MutatingWebhookConfigurationBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withWebhooks(entries)
        .build();
  }

  /**
   * Without a condition: the API server would turn each pod into an untyped tree to evaluate one,
   * twice with a reinvocation, which is a fifth of what a webhook costs it. Mirror pods we pass
   * over ourselves.
   */
  private MutatingWebhook pods(
      String entry, LabelSelector namespaces, LabelSelector objects, String caBundlePem) {
    return base(entry, "pods", PODS_PATH, POD_TIMEOUT_SECONDS, caBundlePem)
        .withNamespaceSelector(namespaces)
        .withObjectSelector(objects)
        .withReinvocationPolicy("IfNeeded")
        .build();
  }

  /**
   * Only where the namespace does not decide is a condition asked for: an API server takes a
   * quarter of a millisecond over one (docs/design/admission-cost.md).
   */
  private MutatingWebhook bindings(
      String entry, LabelSelector namespaces, List<MatchCondition> conditions, String caBundlePem) {
    return base(entry, "pods/binding", BINDINGS_PATH, BINDING_TIMEOUT_SECONDS, caBundlePem)
        .withNamespaceSelector(namespaces)
        .withReinvocationPolicy("Never")
        .withMatchConditions(conditions)
        .build();
  }

  private MutatingWebhookBuilder base(
      String entry, String resource, String path, int timeoutSeconds, String caBundlePem) {
    return new MutatingWebhookBuilder()
        .withName(entry + "." + Keys.PREFIX.substring(0, Keys.PREFIX.length() - 1))
        .withAdmissionReviewVersions("v1")
        .withSideEffects("None")
        .withFailurePolicy("Ignore")
        .withMatchPolicy("Equivalent")
        .withTimeoutSeconds(timeoutSeconds)
        .withNewClientConfig()
        .withUrl(url + path)
        .withCaBundle(encoded(caBundlePem))
        .endClientConfig()
        .addNewRule()
        .withApiGroups("")
        .withApiVersions("v1")
        .withOperations("CREATE")
        .withResources(resource)
        .withScope("Namespaced")
        .endRule();
  }

  private LabelSelector namespaces(LabelSelectorRequirement... more) {
    return new LabelSelectorBuilder()
        .addToMatchExpressions(
            requirement("kubernetes.io/metadata.name", "NotIn", excludedNamespaces))
        .addToMatchExpressions(more)
        .build();
  }

  private static LabelSelectorRequirement optedIn() {
    return requirement(Keys.INJECT, "In", List.of("true"));
  }

  private static LabelSelectorRequirement notOptedIn() {
    return requirement(Keys.INJECT, "NotIn", List.of("true"));
  }

  /** Any value but "false", so that a mistyped one is refused and not overlooked. */
  private static LabelSelector labelled() {
    return new LabelSelectorBuilder()
        .addToMatchExpressions(requirement(Keys.INJECT, "Exists", List.of()))
        .addToMatchExpressions(requirement(Keys.INJECT, "NotIn", List.of("false")))
        .build();
  }

  private static LabelSelector unlabelled() {
    return new LabelSelectorBuilder()
        .addToMatchExpressions(requirement(Keys.INJECT, "DoesNotExist", List.of()))
        .build();
  }

  private List<MatchCondition> ourScheduler() {
    String expression =
        schedulerUsers.size() == 1
            ? "request.userInfo.username == '" + schedulerUsers.getFirst() + "'"
            : schedulerUsers.stream()
                .map(user -> "'" + user + "'")
                .collect(Collectors.joining(", ", "request.userInfo.username in [", "]"));
    return List.of(new MatchCondition(expression, "our-scheduler"));
  }

  private static LabelSelectorRequirement requirement(
      String key, String operator, List<String> values) {
    return new LabelSelectorRequirement(key, operator, values);
  }

  static String encoded(String pem) {
    return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }
}
