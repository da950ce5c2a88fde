package dev.tandem.cli.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ContainerProcessTest {

  private static final String ADDRESS = "127.20.3.4";

  @Test
  void fieldReferencesAndVariablesAreExpanded() {
    ContainerProcess process =
        process(
            new ContainerBuilder()
                .withEnv(field("POD_IP", "status.podIP"), text("HOST", "$(POD_IP):$(LATER)"))
                .withArgs("--topic=kv@$(POD_IP)@m", "$$(POD_IP)", "$(UNKNOWN)")
                .build());

    assertThat(process.env()).containsEntry("HOST", ADDRESS + ":$(LATER)");
    assertThat(process.arguments())
        .containsExactly("--topic=kv@" + ADDRESS + "@m", "$(POD_IP)", "$(UNKNOWN)");
  }

  @Test
  void loopbackBecomesThePodsOwn() {
    ContainerProcess process =
        process(
            new ContainerBuilder()
                .withEnv(text("ENDPOINT", "tcp://127.0.0.1:5557"))
                .withArgs("--bind=127.0.0.1:1", "127.0.0.1")
                .build());

    assertThat(process.env()).containsEntry("ENDPOINT", "tcp://" + ADDRESS + ":5557");
    assertThat(process.arguments()).containsExactly("--bind=" + ADDRESS + ":1", ADDRESS);
  }

  @Test
  void labelsAndAnnotationsCanBeReferredTo() {
    ContainerProcess process =
        process(
            new ContainerBuilder()
                .withEnv(
                    field("A", "metadata.annotations['x.y/z']"),
                    field("L", "metadata.labels['none']"),
                    field("N", "metadata.name"))
                .build());

    assertThat(process.env())
        .containsEntry("A", "here")
        .containsEntry("L", "")
        .containsEntry("N", "p");
  }

  @Test
  void vllmIsFoundBehindItsUsualCommands() {
    assertThat(process(new ContainerBuilder().withArgs("--port=1").build()).vllmArguments())
        .containsExactly("--port=1");
    assertThat(
            process(new ContainerBuilder().withCommand("vllm", "serve").withArgs("m").build())
                .vllmArguments())
        .containsExactly("m");
  }

  @Test
  void anotherCommandIsRefusedByName() {
    ContainerProcess process =
        process(new ContainerBuilder().withCommand("sleep").withArgs("1").build());

    assertThatThrownBy(process::vllmArguments).hasMessageContaining("[sleep]");
  }

  private static ContainerProcess process(Container container) {
    Pod pod =
        new PodBuilder()
            .withNewMetadata()
            .withName("p")
            .addToAnnotations("x.y/z", "here")
            .endMetadata()
            .build();
    return ContainerProcess.of(pod, container, ADDRESS, UnaryOperator.identity());
  }

  private static EnvVar text(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }
}
