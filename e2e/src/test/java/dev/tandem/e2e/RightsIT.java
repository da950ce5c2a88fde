package dev.tandem.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.authorization.v1.ResourceRule;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectRulesReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped accounts may do, asked of the real authorizer. */
@ExtendWith(ControlPlaneExtension.class)
final class RightsIT {
  @BeforeAll
  static void install(RealControlPlane plane) {
    new Manifests(plane).installRights();
    new Kubectl(plane).run("apply", "-k", "manifests/router-rbac");
  }

  @ParameterizedTest(name = "{0} {1} {2} named {3} in {4}")
  @CsvSource({
    // The stamp needs nodes; the certificate needs one Secret and one configuration.
    "tandem-webhook, list,   nodes,                                                           '',             ''",
    "tandem-webhook, watch,  nodes,                                                           '',             ''",
    "tandem-webhook, create, secrets,                                                         '',             tandem-system",
    "tandem-webhook, get,    secrets,                                                         tandem-webhook, tandem-system",
    "tandem-webhook, update, mutatingwebhookconfigurations.admissionregistration.k8s.io,      tandem,         ''",
    // A pod's stamp, by where nodes are and which namespaces opted in; one lease.
    "tandem-controller, watch,  nodes,                                                        '',             ''",
    "tandem-controller, list,   namespaces,                                                   '',             ''",
    "tandem-controller, watch,  pods,                                                         '',             ''",
    "tandem-controller, patch,  pods,                                                         '',             llm",
    "tandem-controller, patch,  leases.coordination.k8s.io,                                   tandem-controller, tandem-system",
    "tandem-scheduler, list,   nodes,                                                         '',             ''",
    "tandem-scheduler, watch,  pods,                                                          '',             ''",
    "tandem-scheduler, watch,  configmaps,                                                    tandem-topology, tandem-system",
    "tandem-scheduler, create, pods/binding,                                                  '',             llm",
    "tandem-scheduler, update, leases.coordination.k8s.io,                                    tandem-scheduler, tandem-system",
  })
  void anAccountMayDoItsWork(
      String account,
      String verb,
      String resource,
      String name,
      String namespace,
      RealControlPlane plane) {
    // The authorizer learns of new roles by watching them.
    Eventually.passes(() ->
        assertThat(
                mayDo(
                    plane,
                    serviceAccount("tandem-system", account),
                    verb,
                    resource,
                    name,
                    namespace))
            .isTrue());
  }

  @ParameterizedTest(name = "{0} {1} {2} named {3} in {4}")
  @CsvSource({
    "tandem-webhook, get,    secrets,      other,          tandem-system",
    "tandem-webhook, list,   secrets,      '',             tandem-system",
    "tandem-webhook, create, secrets,      '',             default",
    "tandem-webhook, get,    secrets,      tandem-webhook, default",
    "tandem-webhook, list,   pods,         '',             default",
    "tandem-webhook, create, pods/exec,    '',             default",
    "tandem-webhook, patch,  nodes,        '',             ''",
    "tandem-webhook, create, pods/binding, '',             default",
    "tandem-webhook, update, mutatingwebhookconfigurations.admissionregistration.k8s.io, other, ''",
    "tandem-webhook, create, mutatingwebhookconfigurations.admissionregistration.k8s.io, '',    ''",
    "tandem-controller, update, pods,        '',           default",
    "tandem-controller, create, pods,        '',           default",
    "tandem-controller, patch,  pods/status, '',           default",
    "tandem-controller, create, pods/exec,   '',           default",
    "tandem-controller, patch,  nodes,       '',           ''",
    "tandem-controller, patch,  namespaces,  default,      ''",
    "tandem-controller, get,    secrets,     tandem-webhook, tandem-system",
    "tandem-controller, patch,  leases.coordination.k8s.io, tandem-scheduler,  tandem-system",
    "tandem-controller, patch,  leases.coordination.k8s.io, tandem-controller, default",
    "tandem-controller, update, validatingadmissionpolicies.admissionregistration.k8s.io, '', ''",
    "tandem-scheduler, watch,  configmaps, other,          tandem-system",
    "tandem-scheduler, watch,  configmaps, tandem-topology, default",
    "tandem-scheduler, update, configmaps, tandem-topology, tandem-system",
    "tandem-scheduler, get,    secrets,    '',             default",
    "tandem-scheduler, get,    secrets,    tandem-webhook, tandem-system",
    "tandem-scheduler, create, pods,       '',             default",
    "tandem-scheduler, create, pods/exec,  '',             default",
    "tandem-scheduler, update, mutatingwebhookconfigurations.admissionregistration.k8s.io, tandem, ''",
  })
  void anAccountMayDoNothingElse(
      String account,
      String verb,
      String resource,
      String name,
      String namespace,
      RealControlPlane plane) {
    assertThat(
            mayDo(plane, serviceAccount("tandem-system", account), verb, resource, name, namespace))
        .isFalse();
  }

  /**
   * Not some rights that are missing, but all there are: what the authorizer lists for the account,
   * without what it lists for any account.
   */
  @Test
  void theRightsOfTheOwnProcessesAreExactlyThese(RealControlPlane plane) {
    Eventually.passes(() ->
        assertThat(rights(plane, "tandem-controller"))
            .containsExactlyInAnyOrder(
                "list,watch nodes,namespaces",
                "get,list,watch,patch pods",
                "create leases.coordination.k8s.io",
                "get,patch leases.coordination.k8s.io named tandem-controller"));
    Eventually.passes(() ->
        assertThat(rights(plane, "tandem-webhook"))
            .containsExactlyInAnyOrder(
                "get,list,watch nodes",
                "get,list,watch,update"
                    + " mutatingwebhookconfigurations.admissionregistration.k8s.io named tandem",
                "create events",
                "create secrets",
                "get,list,watch,update secrets named tandem-webhook"));
  }

  private static Set<String> rights(RealControlPlane plane, String account) {
    Set<String> rights = listed(plane, "tandem-system", account);
    rights.removeAll(listed(plane, "tandem-system", "default"));
    return rights;
  }

  private static Set<String> listed(RealControlPlane plane, String namespace, String account) {
    SelfSubjectRulesReview review =
        new SelfSubjectRulesReviewBuilder()
            .withNewSpec()
            .withNamespace(namespace)
            .endSpec()
            .build();
    try (KubernetesClient client =
        plane.clientFor(plane.kubeconfigOfServiceAccount(namespace, account))) {
      Set<String> rights = new TreeSet<>();
      for (ResourceRule rule :
          client
              .authorization()
              .v1()
              .selfSubjectRulesReview()
              .create(review)
              .getStatus()
              .getResourceRules()) {
        rights.add(text(rule));
      }
      return rights;
    }
  }

  private static String text(ResourceRule rule) {
    String groups =
        rule.getApiGroups().stream()
            .filter(group -> !group.isEmpty())
            .map(group -> "." + group)
            .collect(Collectors.joining());
    String names =
        rule.getResourceNames().isEmpty()
            ? ""
            : " named " + String.join(",", rule.getResourceNames());
    return String.join(",", rule.getVerbs())
        + " "
        + String.join(",", rule.getResources())
        + groups
        + names;
  }

  @Test
  void aRouterSeesThePodsOfItsNamespaceAndNothingMore(RealControlPlane plane) {
    String router = serviceAccount("default", "default");
    for (String verb : List.of("get", "list", "watch")) {
      Eventually.passes(
          () -> assertThat(mayDo(plane, router, verb, "pods", "", "default")).as(verb).isTrue());
    }
    assertThat(mayDo(plane, router, "list", "pods", "", "kube-system")).isFalse();
    assertThat(mayDo(plane, router, "patch", "pods", "", "default")).isFalse();
    assertThat(mayDo(plane, router, "list", "nodes", "", "")).isFalse();
    assertThat(mayDo(plane, router, "get", "secrets", "", "default")).isFalse();
  }

  @Test
  void noRoleHasAWildcardOrReachesSecretsOfOthers(RealControlPlane plane) {
    Manifests manifests = new Manifests(plane);
    List<ClusterRole> wide =
        rendered(manifests)
            .filter(ClusterRole.class::isInstance)
            .map(ClusterRole.class::cast)
            .toList();
    List<Role> narrow =
        rendered(manifests).filter(Role.class::isInstance).map(Role.class::cast).toList();

    assertThat(wide).isNotEmpty();
    assertThat(narrow).isNotEmpty();
    assertThat(
            Stream.concat(
                wide.stream().map(ClusterRole::getRules), narrow.stream().map(Role::getRules)))
        .allSatisfy(rules ->
            assertThat(rules)
                .allSatisfy(rule ->
                    assertThat(words(rule))
                        .doesNotContain("*", "pods/exec", "escalate", "bind", "impersonate")));
    assertThat(wide)
        .allSatisfy(role ->
            assertThat(role.getRules())
                .allSatisfy(rule -> assertThat(rule.getResources()).doesNotContain("secrets")));
    assertThat(narrow.stream().filter(RightsIT::readsSecrets))
        .allSatisfy(
            role -> assertThat(role.getMetadata().getNamespace()).isEqualTo("tandem-system"));
  }

  private static boolean readsSecrets(Role role) {
    return role.getRules().stream().anyMatch(rule -> rule.getResources().contains("secrets"));
  }

  private static Stream<io.fabric8.kubernetes.api.model.HasMetadata> rendered(Manifests manifests) {
    return Stream.of("manifests/base", "manifests/router-rbac")
        .flatMap(folder -> manifests.render(folder).stream());
  }

  private static List<String> words(PolicyRule rule) {
    return Stream.of(
            rule.getApiGroups(), rule.getResources(), rule.getVerbs(), rule.getNonResourceURLs())
        .flatMap(List::stream)
        .toList();
  }

  private static String serviceAccount(String namespace, String name) {
    return "system:serviceaccount:" + namespace + ":" + name;
  }

  /**
   * @param resource {@code resource[/subresource]} or {@code resource.group}
   * @param name empty: any
   * @param namespace empty: the whole cluster
   */
  private static boolean mayDo(
      RealControlPlane plane,
      String user,
      String verb,
      String resource,
      String name,
      String namespace) {
    String[] path = resource.split("/", 2);
    String[] group = path[0].split("\\.", 2);
    SubjectAccessReview review =
        new SubjectAccessReviewBuilder()
            .withNewSpec()
            .withUser(user)
            .withNewResourceAttributes()
            .withVerb(verb)
            .withResource(group[0])
            .withGroup(group.length > 1 ? group[1] : "")
            .withSubresource(path.length > 1 ? path[1] : "")
            .withName(name)
            .withNamespace(namespace)
            .endResourceAttributes()
            .endSpec()
            .build();
    return plane
        .client()
        .authorization()
        .v1()
        .subjectAccessReview()
        .create(review)
        .getStatus()
        .getAllowed();
  }
}
