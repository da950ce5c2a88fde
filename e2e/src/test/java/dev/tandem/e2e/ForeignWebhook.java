package dev.tandem.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tandem.cli.controlplane.RealControlPlane;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.KeyedCertificate;
import dev.tandem.webhook.certificates.ServedIdentity;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Somebody else's injector: appends a container of its name and gives every container a variable,
 * once. API servers call configurations in the order of their names.
 */
final class ForeignWebhook implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final RealControlPlane plane;
  private final String name;
  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private ForeignWebhook(RealControlPlane plane, String name, HttpsServer server) {
    this.plane = plane;
    this.name = name;
    this.server = server;
    server.setExecutor(threads);
    server.createContext("/", this::review);
    server.start();
  }

  static ForeignWebhook start(RealControlPlane plane, String name, String namespace) {
    CertificateIssuer issuer = new CertificateIssuer(Clock.systemUTC(), new SecureRandom());
    KeyedCertificate authority = issuer.authority(name, Duration.ofDays(1));
    KeyedCertificate leaf =
        issuer.leaf(
            authority, List.of("127.0.0.1"), Duration.ofHours(1), CertificateIssuer.Purpose.SERVER);
    ServedIdentity served = new ServedIdentity();
    served.show(new Identity(List.of(leaf.certificate()), leaf.key()));
    try {
      HttpsServer server =
          HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
      server.setHttpsConfigurator(new HttpsConfigurator(served.context()));
      ForeignWebhook webhook = new ForeignWebhook(plane, name, server);
      webhook.register(namespace, authority);
      return webhook;
    } catch (IOException | CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void register(String namespace, KeyedCertificate authority)
      throws CertificateEncodingException {
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    plane
        .client()
        .resource(
            new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addNewWebhook()
                .withName(name + ".example.org")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withReinvocationPolicy("IfNeeded")
                .withNewClientConfig()
                .withUrl("https://127.0.0.1:" + server.getAddress().getPort() + "/")
                .withCaBundle(
                    Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)))
                .endClientConfig()
                .withNewNamespaceSelector()
                .addToMatchLabels("kubernetes.io/metadata.name", namespace)
                .endNamespaceSelector()
                .addNewRule()
                .withApiGroups("")
                .withApiVersions("v1")
                .withOperations("CREATE")
                .withResources("pods")
                .endRule()
                .endWebhook()
                .build())
        .create();
  }

  private void review(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody()).path("request");
      ObjectNode review =
          JSON.createObjectNode()
              .put("apiVersion", "admission.k8s.io/v1")
              .put("kind", "AdmissionReview");
      ObjectNode response = review.putObject("response");
      response.set("uid", request.path("uid"));
      response.put("allowed", true);
      ArrayNode patch = patch(request.at("/object/spec/containers"));
      if (!patch.isEmpty()) {
        response.put("patchType", "JSONPatch");
        response.put("patch", Base64.getEncoder().encodeToString(JSON.writeValueAsBytes(patch)));
      }
      byte[] body = JSON.writeValueAsBytes(review);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private ArrayNode patch(JsonNode containers) {
    ArrayNode patch = JSON.createArrayNode();
    if (containers.findValuesAsText("name").contains(name)) {
      return patch;
    }
    for (int i = 0; i < containers.size(); i++) {
      boolean first = !containers.get(i).has("env");
      ObjectNode operation =
          patch
              .addObject()
              .put("op", "add")
              .put("path", "/spec/containers/" + i + (first ? "/env" : "/env/-"));
      ObjectNode variable =
          first ? operation.putArray("value").addObject() : operation.putObject("value");
      variable.put("name", "SEEN_BY").put("value", name);
    }
    ObjectNode container =
        patch.addObject().put("op", "add").put("path", "/spec/containers/-").putObject("value");
    container.put("name", name).put("image", name);
    return patch;
  }

  @Override
  public void close() {
    plane
        .client()
        .admissionRegistration()
        .v1()
        .mutatingWebhookConfigurations()
        .withName(name)
        .delete();
    server.stop(0);
    threads.close();
  }
}
