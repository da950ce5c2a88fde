package dev.tandem.cli.up;

import dev.tandem.api.Role;
import dev.tandem.cli.workload.ServedModel;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What kube-proxy would send a Service's clients to: the ready pods of its selector. */
final class Endpoints {

  private Endpoints() {}

  static List<ServedModel> of(List<Service> services, List<Pod> pods) {
    List<ServedModel> models = new ArrayList<>();
    for (Service service : services) {
      List<PodFacts> selected =
          pods.stream()
              .filter(Deployed::isReady)
              .filter(pod -> selects(service, pod))
              .map(PodFacts::new)
              .toList();
      if (selected.isEmpty()) {
        throw new UpFailure(
            "Service " + service.getMetadata().getName() + " has no ready pod",
            "its selector is " + service.getSpec().getSelector());
      }
      models.add(
          new ServedModel(
              selected.getFirst().model(),
              (int)
                  selected.stream()
                      .filter(pod -> pod.role() == Role.PREFILL || pod.role() == Role.BOTH)
                      .count(),
              selected.stream().map(pod -> endpoint(service, pod)).toList()));
    }
    return models;
  }

  private static boolean selects(Service service, Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    return labels != null
        && labels.entrySet().containsAll(service.getSpec().getSelector().entrySet());
  }

  private static ServedModel.Endpoint endpoint(Service service, PodFacts facts) {
    IntOrString target = service.getSpec().getPorts().getFirst().getTargetPort();
    int port = target.getIntVal() != null ? target.getIntVal() : facts.port(target.getStrVal());
    return new ServedModel.Endpoint(facts.pod().getStatus().getPodIP(), port);
  }
}
