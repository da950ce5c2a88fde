package dev.tandem.e2e;

import dev.tandem.cli.controlplane.ControlPlaneBinaries;
import dev.tandem.cli.controlplane.RealControlPlane;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One real control plane with the nodes of the example cluster for all test classes of a JVM,
 * handed to tests as a parameter. JUnit closes it after the last class; it ends with the JVM too,
 * whatever happens.
 */
public final class ControlPlaneExtension implements BeforeAllCallback, ParameterResolver {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(ControlPlaneExtension.class);

  @Override
  public void beforeAll(ExtensionContext context) {
    controlPlane(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == RealControlPlane.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return controlPlane(context);
  }

  private static RealControlPlane controlPlane(ExtensionContext context) {
    // The root context lives until every class has run, and closes what is closeable in its store.
    return context
        .getRoot()
        .getStore(STORE)
        .computeIfAbsent(RealControlPlane.class, ignored -> start(), RealControlPlane.class);
  }

  private static RealControlPlane start() {
    RealControlPlane plane =
        RealControlPlane.start(ControlPlaneBinaries.find(Project.root(), System.getenv()));
    try {
      plane.startDefaultScheduler();
      ClusterNodes.create(plane.client());
      return plane;
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }
}
