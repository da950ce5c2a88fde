package dev.tandem.cli.images;

import dev.tandem.api.Keys;
import dev.tandem.cli.controlplane.EmbeddedControlPlane;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The extender, the webhook or the controller beside an API server stand-in with a few nodes and
 * two models' pods.
 */
final class ClusterRehearsal implements Rehearsal {

  private static final String NAMESPACE = "default";
  private static final String GPUS = "nvidia.com/gpu";
  private static final int NODES = 8;
  private static final int PODS_A_ROLE = 4;
  private static final int ATTEMPTS = 600;
  private static final int POLL_MILLIS = 100;

  private final EmbeddedControlPlane plane = EmbeddedControlPlane.start(1);
  private final String command;

  ClusterRehearsal(String command) {
    this.command = command;
    for (int i = 0; i < NODES; i++) {
      plane
          .client()
          .resource(
              new NodeBuilder()
                  .withNewMetadata()
                  .withName("node-" + i)
                  .addToLabels("topology.kubernetes.io/zone", "z")
                  .addToLabels("fabric.topograph.run/tier-0", "leaf-" + i / 4)
                  .addToLabels("nvidia.com/gpu.clique", "domain." + i / 2)
                  .endMetadata()
                  .withNewStatus()
                  .addToAllocatable(GPUS, new Quantity("8"))
                  .endStatus()
                  .build())
          .create();
    }
  }

  @Override
  public List<String> arguments() {
    List<String> arguments =
        new ArrayList<>(List.of(command, "--kubeconfig=" + plane.kubeconfig(), "--port=0"));
    switch (command) {
      case "webhook" -> arguments.add("--register");
      case "controller" -> arguments.add("--no-leader-elect");
      default -> {}
    }
    return arguments;
  }

  @Override
  public void play(String url) throws IOException, InterruptedException {
    if (command.equals("extender")) {
      plane.startSchedulers(URI.create(url));
    }
    deploy("prefill");
    deploy("decode");
    for (int i = 0; i < ATTEMPTS; i++) {
      List<Pod> pods = plane.client().pods().inNamespace(NAMESPACE).list().getItems();
      if (pods.stream().filter(this::done).count() == 2 * PODS_A_ROLE) {
        return;
      }
      Thread.sleep(POLL_MILLIS);
    }
    throw new IOException("the %s has not done its work after a minute".formatted(command));
  }

  private boolean done(Pod pod) {
    return switch (command) {
      case "webhook" -> pod.getMetadata().getAnnotations().containsKey(Keys.INJECTED);
      case "controller" -> pod.getMetadata().getAnnotations().containsKey(Keys.LOCALITY);
      default -> pod.getSpec().getNodeName() != null;
    };
  }

  private void deploy(String role) {
    plane
        .client()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(role)
                .endMetadata()
                .withNewSpec()
                .withReplicas(PODS_A_ROLE)
                .withNewSelector()
                .addToMatchLabels("app", role)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels(Map.of("app", role, Keys.INJECT, "true"))
                .addToAnnotations(
                    Map.of(
                        Keys.ROLE,
                        role,
                        Keys.GROUP,
                        "rehearsal",
                        Keys.GROUP_SIZE,
                        "prefill=%d,decode=%d".formatted(PODS_A_ROLE, PODS_A_ROLE)))
                .endMetadata()
                .withNewSpec()
                .withSchedulerName(command.equals("extender") ? "tandem" : null)
                .withNodeName(command.equals("controller") ? "node-0" : null)
                .addNewContainer()
                .withName("vllm")
                .withImage("vllm/vllm-openai:v0.26.0")
                .withArgs("--model=meta-llama/Llama-3.1-8B-Instruct")
                .addNewPort()
                .withName("http")
                .withContainerPort(8000)
                .endPort()
                .withNewResources()
                .addToLimits(GPUS, new Quantity("1"))
                .endResources()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  @Override
  public void close() {
    plane.close();
  }
}
