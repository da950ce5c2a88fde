package dev.tandem.edge.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.junit.jupiter.api.Test;

class ApiServerProblemTest {

  @Test
  void whereNobodyAnswersTheCauseAndTheNextStepAreSaid() {
    try (KubernetesClient client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:1")
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build()) {
      KubernetesClientException problem =
          catchThrowableOfType(
              KubernetesClientException.class, () -> client.nodes().withName("n").get());

      assertThat(ApiServerProblem.of(problem))
          .contains("kind: [Node]", "java.net.ConnectException", "check the address");
    }
  }

  @Test
  void whatWasAnsweredIsRepeated() {
    KubernetesClientException refusal =
        new KubernetesClientException(
            new StatusBuilder().withCode(403).withMessage("nodes is forbidden").build());

    assertThat(ApiServerProblem.of(refusal)).isEqualTo(refusal.getMessage());
  }
}
