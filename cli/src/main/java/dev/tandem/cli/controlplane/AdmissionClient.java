package dev.tandem.cli.controlplane;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhook;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfiguration;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.zjsonpatch.JsonPatch;
import io.fabric8.zjsonpatch.JsonPatchException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The API server's half of mutating admission: finds the registered webhooks that match, posts an
 * {@code AdmissionReview} v1 over HTTPS trusting only the entry's {@code caBundle}, applies the
 * JSON patch that comes back, in order of configuration name and entry. Blocking; safe for use by
 * several threads.
 *
 * <p>Simpler than the real one: entries are called by {@code url} only (there are no Services
 * here), {@code reinvocationPolicy} is ignored, and of {@code matchConditions} only the form {@link
 * UserCondition} knows is evaluated.
 */
final class AdmissionClient {

  private static final Logger log = LoggerFactory.getLogger(AdmissionClient.class);

  /**
   * What the API server asks for where an entry names no timeout. The least here: one machine is
   * the whole cluster, and may not answer within the second that a bind has.
   */
  private static final int TIMEOUT_SECONDS = 10;

  private final ObjectMapper json = new ObjectMapper();
  private final KubernetesClient client;
  private final TrustedClients trusted = new TrustedClients();

  AdmissionClient(KubernetesClient client) {
    this.client = client;
  }

  /** The pod as admission leaves it. */
  Pod pod(Pod pod, String user) throws AdmissionDenied {
    AdmissionTarget target =
        new AdmissionTarget("pods", "Pod", pod.getMetadata().getNamespace(), user);
    return Serialization.unmarshal(admit(target, pod, nameOf(pod)).toString(), Pod.class);
  }

  /** The Binding as admission leaves it. */
  Binding binding(Binding binding, String user) throws AdmissionDenied {
    AdmissionTarget target =
        new AdmissionTarget("pods/binding", "Binding", binding.getMetadata().getNamespace(), user);
    return Serialization.unmarshal(
        admit(target, binding, binding.getMetadata().getName()).toString(), Binding.class);
  }

  private static String nameOf(Pod pod) {
    String name = pod.getMetadata().getName();
    return name == null ? "" : name;
  }

  private JsonNode admit(AdmissionTarget target, Object created, String name)
      throws AdmissionDenied {
    JsonNode object = tree(created);
    List<MutatingWebhookConfiguration> configurations =
        client
            .admissionRegistration()
            .v1()
            .mutatingWebhookConfigurations()
            .list()
            .getItems()
            .stream()
            .sorted(Comparator.comparing(c -> c.getMetadata().getName()))
            .toList();
    for (MutatingWebhookConfiguration configuration : configurations) {
      for (MutatingWebhook hook : configuration.getWebhooks()) {
        if (target.matches(hook, namespaceLabels(target.namespace()), object)) {
          object = call(hook, target, object, name);
        }
      }
    }
    return object;
  }

  private JsonNode call(MutatingWebhook hook, AdmissionTarget target, JsonNode object, String name)
      throws AdmissionDenied {
    String uid = UUID.randomUUID().toString();
    try {
      JsonNode response = post(hook, review(uid, target, object, name)).path("response");
      if (!uid.equals(response.path("uid").asText())) {
        throw new IOException("its answer is for another request");
      }
      response.path("warnings").forEach(w -> log.warn("admission: {}", w.asText()));
      if (!response.path("allowed").asBoolean()) {
        throw new AdmissionDenied(
            hook.getName(), response.path("status").path("message").asText("no reason given"));
      }
      String patch = response.path("patch").asText("");
      return patch.isEmpty()
          ? object
          : JsonPatch.apply(json.readTree(Base64.getDecoder().decode(patch)), object);
    } catch (JsonPatchException e) {
      // A patch that does not apply fails the request, even where the policy is Ignore.
      throw new AdmissionDenied(hook.getName(), "its patch does not apply: " + e.getMessage());
    } catch (IOException | IllegalArgumentException e) {
      if ("Ignore".equals(hook.getFailurePolicy())) {
        log.warn("admission webhook {} failed open: {}", hook.getName(), e.getMessage());
        return object;
      }
      throw new AdmissionDenied(hook.getName(), "failed calling webhook: " + e.getMessage());
    }
  }

  private JsonNode post(MutatingWebhook hook, ObjectNode review) throws IOException {
    String url = hook.getClientConfig().getUrl();
    if (url == null) {
      throw new IOException("it is registered by Service, and this control plane calls only URLs");
    }
    Integer seconds = hook.getTimeoutSeconds();
    int timeout = seconds == null ? TIMEOUT_SECONDS : Math.max(TIMEOUT_SECONDS, seconds);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "?timeout=" + timeout + "s"))
            .timeout(Duration.ofSeconds(timeout))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(review)))
            .build();
    try {
      HttpResponse<byte[]> response =
          trusted
              .of(hook.getClientConfig().getCaBundle())
              .send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IOException("it answered " + response.statusCode());
      }
      return json.readTree(response.body());
    } catch (ConnectException e) { // which says nothing
      throw new IOException("nobody answers at " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while it was asked", e);
    }
  }

  private ObjectNode review(String uid, AdmissionTarget target, JsonNode object, String name) {
    ObjectNode review = json.createObjectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request");
    request.put("uid", uid);
    request.putObject("kind").put("group", "").put("version", "v1").put("kind", target.kind());
    request
        .putObject("resource")
        .put("group", "")
        .put("version", "v1")
        .put("resource", target.plural());
    if (!target.subresource().isEmpty()) {
      request.put("subResource", target.subresource());
    }
    request.put("name", name);
    request.put("namespace", target.namespace());
    request.put("operation", "CREATE");
    request.putObject("userInfo").put("username", target.user());
    request.set("object", object);
    request.putNull("oldObject");
    request.put("dryRun", false);
    return review;
  }

  private Map<String, String> namespaceLabels(String name) {
    Map<String, String> labels = new HashMap<>();
    Namespace namespace = client.namespaces().withName(name).get();
    if (namespace != null && namespace.getMetadata().getLabels() != null) {
      labels.putAll(namespace.getMetadata().getLabels());
    }
    labels.put("kubernetes.io/metadata.name", name);
    return labels;
  }

  private JsonNode tree(Object object) {
    try {
      return json.readTree(Serialization.asJson(object));
    } catch (IOException e) {
      throw new IllegalStateException("the client's own JSON does not parse", e);
    }
  }
}
