package dev.tandem.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which module may know which, and where the outside world may be seen: docs/design/layout.md. */
final class DirectionTest {
  private static final List<String> HTTP_AND_CLUSTER =
      List.of(
          "com.sun.net.httpserver..",
          "io.fabric8.kubernetes.client..",
          "io.javalin..",
          "io.vertx..",
          "jakarta.servlet..",
          "java.net.http..",
          "org.eclipse.jetty..");

  private static JavaClasses product;

  @BeforeAll
  static void readTheProduct() {
    product =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.tandem");
  }

  /** A module and the modules it must not know. */
  record Forbidden(String module, List<String> others) {
    @Override
    public String toString() {
      return module + " knows none of " + others;
    }
  }

  static Stream<Forbidden> directions() {
    return Stream.of(
        new Forbidden(
            "api",
            List.of(
                "topology",
                "edge",
                "extender",
                "webhook",
                "controller",
                "router",
                "standin",
                "simulator",
                "cli")),
        new Forbidden(
            "topology",
            List.of(
                "edge",
                "extender",
                "webhook",
                "controller",
                "router",
                "standin",
                "simulator",
                "cli")),
        new Forbidden(
            "edge",
            List.of("extender", "webhook", "controller", "router", "standin", "simulator", "cli")),
        new Forbidden(
            "extender", List.of("webhook", "controller", "router", "standin", "simulator", "cli")),
        new Forbidden(
            "webhook", List.of("extender", "controller", "router", "standin", "simulator", "cli")),
        new Forbidden(
            "controller", List.of("extender", "webhook", "router", "standin", "simulator", "cli")),
        new Forbidden(
            "router",
            List.of(
                "topology",
                "edge",
                "controller",
                "extender",
                "webhook",
                "standin",
                "simulator",
                "cli")),
        new Forbidden(
            "standin",
            List.of(
                "topology",
                "edge",
                "controller",
                "extender",
                "webhook",
                "router",
                "simulator",
                "cli")),
        new Forbidden(
            // It runs the production choice and the production planner.
            "simulator", List.of("edge", "controller", "extender", "webhook", "standin", "cli")));
  }

  @ParameterizedTest
  @MethodSource("directions")
  void aModuleKnowsOnlyTheModulesBelowIt(Forbidden direction) {
    String[] others =
        direction.others().stream().map(DirectionTest::packageOf).toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(packageOf(direction.module()))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others));
  }

  @Test
  void theOutsideWorldIsSeenOnlyFromTheEdges() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "dev.tandem.edge..",
                // Each process is wired in its root package.
                "dev.tandem.extender",
                "dev.tandem.extender.watch..",
                "dev.tandem.extender.http..",
                "dev.tandem.extender.certificates..",
                "dev.tandem.webhook",
                "dev.tandem.webhook.watch..",
                "dev.tandem.webhook.certificates..",
                "dev.tandem.webhook.http..",
                "dev.tandem.webhook.tls..",
                "dev.tandem.controller",
                "dev.tandem.controller.reconcile..",
                "dev.tandem.controller.http..",
                "dev.tandem.router",
                "dev.tandem.router.peers..",
                "dev.tandem.router.proxy..",
                "dev.tandem.standin",
                "dev.tandem.standin.http..",
                "dev.tandem.cli..",
                "dev.tandem.e2e..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HTTP_AND_CLUSTER.toArray(String[]::new)));
  }

  /** The API server waits for a review: whoever asked it meanwhile would wait for himself. */
  @Test
  void aReviewAsksNoApiServer() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                "dev.tandem.webhook.http..",
                "dev.tandem.webhook.tls..",
                "dev.tandem.webhook.annotations..",
                "dev.tandem.webhook.inject..",
                "dev.tandem.webhook.binding..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.fabric8.."));
  }

  @Test
  void theSharedWordsNeedNothingButTheJdk() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.tandem.api..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("dev.tandem.api..", "java..", "org.jspecify.."));
  }

  private static String packageOf(String module) {
    return "dev.tandem." + module + "..";
  }

  private static void check(ArchRule rule) {
    rule.check(product);
  }
}
