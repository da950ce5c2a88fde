package dev.tandem.cli.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MatchCondition;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.RuleWithOperations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CREATE of a core/v1 resource, and whether a webhook's entry wants to see it: rules, then
 * selectors, then match conditions, in the API server's order.
 *
 * @param resource {@code pods} or {@code pods/binding}
 * @param kind {@code Pod} or {@code Binding}
 * @param namespace of the object
 * @param user who creates it
 */
record AdmissionTarget(String resource, String kind, String namespace, String user) {

  String plural() {
    return resource.split("/", 2)[0];
  }

  /** The part after the slash; empty for the resource itself. */
  String subresource() {
    int slash = resource.indexOf('/');
    return slash < 0 ? "" : resource.substring(slash + 1);
  }

  boolean matches(MutatingWebhook hook, Map<String, String> namespaceLabels, JsonNode object) {
    Map<String, String> labels = new HashMap<>();
    object
        .path("metadata")
        .path("labels")
        .properties()
        .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return orEmpty(hook.getRules()).stream().anyMatch(this::matches)
        && selects(hook.getNamespaceSelector(), namespaceLabels)
        && selects(hook.getObjectSelector(), labels)
        && orEmpty(hook.getMatchConditions()).stream()
            .map(MatchCondition::getExpression)
            .allMatch(expression -> UserCondition.holds(expression, user));
  }

  private boolean matches(RuleWithOperations rule) {
    return has(rule.getOperations(), "CREATE")
        && has(rule.getApiGroups(), "")
        && has(rule.getApiVersions(), "v1")
        && (has(rule.getResources(), resource)
            || has(rule.getResources(), plural() + "/*")
            || rule.getResources().contains("*/*"))
        && !"Cluster".equals(rule.getScope());
  }

  private static boolean has(@Nullable List<String> values, String wanted) {
    // "*" stands for every resource, but not for subresources.
    return values != null
        && (values.contains(wanted) || (values.contains("*") && wanted.indexOf('/') < 0));
  }

  private static boolean selects(@Nullable LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return true;
    }
    Map<String, String> exact = selector.getMatchLabels();
    return (exact == null || labels.entrySet().containsAll(exact.entrySet()))
        && orEmpty(selector.getMatchExpressions()).stream().allMatch(r -> meets(r, labels));
  }

  private static boolean meets(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.getKey());
    List<String> values = orEmpty(requirement.getValues());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && values.contains(value);
      case "NotIn" -> value == null || !values.contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default ->
          throw new IllegalArgumentException(
              "selector operator "
                  + requirement.getOperator()
                  + "; accepted: In, NotIn, Exists, DoesNotExist");
    };
  }

  private static <T> List<T> orEmpty(@Nullable List<T> values) {
    return values == null ? List.of() : values;
  }
}
