package dev.tandem.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.inject.Origin;

/** Reviews and pods as an API server has them, ASCII only. */
final class SampleReview {

  private static final String POD =
      """
      {"kind":"Pod","apiVersion":"v1","metadata":{%s"namespace":"bench","labels":{"app":"llama","pod-template-hash":"7c5d8f9b6d","%s":"true"},
      "annotations":{"%s":"prefill","%s":"llama","%s":"prefill=2,decode=2"}},
      "spec":{"volumes":[{"name":"cache","emptyDir":{}},{"name":"kube-api-access-x7k2p","projected":{"sources":[{"serviceAccountToken":{"expirationSeconds":3607,"path":"token"}},{"configMap":{"name":"kube-root-ca.crt","items":[{"key":"ca.crt","path":"ca.crt"}]}},{"downwardAPI":{"items":[{"path":"namespace","fieldRef":{"apiVersion":"v1","fieldPath":"metadata.namespace"}}]}}],"defaultMode":420}}],
      "containers":[{"name":"vllm","image":"vllm/vllm-openai:v0.26.0","args":["--model","meta-llama/Llama-3.1-8B-Instruct","--served-model-name","llama-3.1-8b","--max-model-len","32768","--gpu-memory-utilization","0.9"],
      "ports":[{"name":"http","containerPort":8000,"protocol":"TCP"}],
      "env":[{"name":"HF_HOME","value":"/cache"},{"name":"HF_TOKEN","valueFrom":{"secretKeyRef":{"name":"hf","key":"token"}}},{"name":"VLLM_LOGGING_LEVEL","value":"INFO"}],
      "resources":{"limits":{"cpu":"8","memory":"64Gi","nvidia.com/gpu":"1"},"requests":{"cpu":"8","memory":"64Gi","nvidia.com/gpu":"1"}},
      "volumeMounts":[{"name":"cache","mountPath":"/cache"},{"name":"kube-api-access-x7k2p","readOnly":true,"mountPath":"/var/run/secrets/kubernetes.io/serviceaccount"}],
      "readinessProbe":{"httpGet":{"path":"/health","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
      "livenessProbe":{"httpGet":{"path":"/health","port":"http","scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,"successThreshold":1,"failureThreshold":3},
      "terminationMessagePath":"/dev/termination-log","terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}%s],
      "restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","serviceAccountName":"default","serviceAccount":"default","securityContext":{},
      "schedulerName":"default-scheduler","tolerations":[{"key":"nvidia.com/gpu","operator":"Exists","effect":"NoSchedule"},{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
      "priority":0,"enableServiceLinks":true,"preemptionPolicy":"PreemptLowerPriority"},"status":{}}
      """;

  /** Stands in for a name. */
  private static final String ANYBODY = "name-of-the-pod";

  private static final String INJECTED = injected(pod(ANYBODY));

  private SampleReview() {}

  /** A pod of a Deployment, as a client posts it. */
  static String pod(String name) {
    return pod("\"name\":\"" + name + "\",", "");
  }

  /** A pod of the same size that is nobody's engine: sent to the webhook, and left alone. */
  static String otherPod(String name) {
    return pod(name)
        .replace("\"" + Keys.INJECT + "\":\"true\"", "\"tier\":\"batch\"")
        .replace(Keys.PREFIX, "example.com/")
        .replace("vllm", "work")
        .replace("nvidia.com/gpu", "example.com/dev");
  }

  /** What the webhook makes of {@link #pod}, but for the stamp. */
  static String injectedPod(String name) {
    return INJECTED.replace(ANYBODY, name);
  }

  /** The review of such a pod: about 4 KB. */
  static String typical() {
    return review(pod("\"generateName\":\"llama-7c5d8f9b6d-\",", ""));
  }

  /** The review of a pod with a hundred containers more and, in all, so many bytes. */
  static String large(int bytes) {
    int each = bytes / 100;
    StringBuilder more = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      more.append(",{\"name\":\"c%d\",\"image\":\"busybox\",\"env\":[".formatted(i));
      for (int size = 0; size < each; size += 512) {
        more.append(size == 0 ? "" : ",")
            .append("{\"name\":\"V%d\",\"value\":\"%s\"}".formatted(size, "x".repeat(480)));
      }
      more.append("]}");
    }
    return review(pod("\"generateName\":\"large-\",", more.toString()));
  }

  private static String injected(String pod) {
    try {
      ObjectNode tree = (ObjectNode) new JsonMapper().readTree(pod);
      return switch (new Injector(InjectionConfig.DEFAULT)
          .inject(tree, new Origin("bench", false))) {
        case InjectionResult.Injected injected -> injected.pod().toString();
        case InjectionResult.Skipped skipped -> throw new IllegalStateException(skipped.toString());
        case InjectionResult.Denied denied -> throw new IllegalStateException(denied.message());
      };
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the sample is no JSON: " + e.getMessage(), e);
    }
  }

  private static String pod(String name, String containers) {
    return POD.formatted(name, Keys.INJECT, Keys.ROLE, Keys.GROUP, Keys.GROUP_SIZE, containers)
        .replace("\n", "");
  }

  private static String review(String pod) {
    return """
    {"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"7f0b2891-916f-4ed6-b7cd-27bff1815a8c","kind":{"group":"","version":"v1","kind":"Pod"},"resource":{"group":"","version":"v1","resource":"pods"},"requestKind":{"group":"","version":"v1","kind":"Pod"},"requestResource":{"group":"","version":"v1","resource":"pods"},"namespace":"bench","operation":"CREATE","userInfo":{"username":"system:serviceaccount:kube-system:replicaset-controller","uid":"1b8b1b0e-7e6d-4c0e-9a2e-0d8e6f1c2a3b","groups":["system:serviceaccounts","system:serviceaccounts:kube-system","system:authenticated"]},"object":%s,"oldObject":null,"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}
    """
        .formatted(pod)
        .strip();
  }
}
