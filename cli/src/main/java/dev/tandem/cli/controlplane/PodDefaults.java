package dev.tandem.cli.controlplane;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;

/**
 * The API server's defaults that matter to admission: they are filled in before a webhook sees the
 * pod (k8s.io/kubernetes pkg/apis/core/v1/defaults.go).
 */
final class PodDefaults {

  private PodDefaults() {}

  static PodSpec applied(PodSpec template) {
    PodSpecBuilder spec = new PodSpecBuilder(template);
    if (template.getSchedulerName() == null) {
      spec.withSchedulerName("default-scheduler");
    }
    if (template.getEnableServiceLinks() == null) {
      spec.withEnableServiceLinks(true);
    }
    if (template.getTerminationGracePeriodSeconds() == null) {
      spec.withTerminationGracePeriodSeconds(30L);
    }
    if (template.getRestartPolicy() == null) {
      spec.withRestartPolicy("Always");
    }
    if (template.getDnsPolicy() == null) {
      spec.withDnsPolicy("ClusterFirst");
    }
    return spec.build();
  }
}
