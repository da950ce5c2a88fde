package dev.tandem.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tandem.cli.controlplane.RealControlPlane;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.MutatingWebhookConfigurationBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.function.BiConsumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Somebody else's mutating webhook, which changes the pods of one namespace. The API server calls
 * configurations in the order of their names, so the name says whether it comes before ours or
 * after.
 */
final class StandInWebhook implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final RealControlPlane plane;
  private final String name;
  private final HttpsServer server;

  /** Writes the operations of a JSON patch for a pod. */
  interface Mutation extends BiConsumer<JsonNode, ArrayNode> {}

  private StandInWebhook(RealControlPlane plane, String name, String namespace, Mutation mutation) {
    this.plane = plane;
    this.name = name;
    try {
      KeyStore keys = selfSigned();
      server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
      server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
      server.createContext("/", exchange -> answer(exchange, mutation));
      server.start();
      register(namespace, pem(keys));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static StandInWebhook start(
      RealControlPlane plane, String name, String namespace, Mutation mutation) {
    return new StandInWebhook(plane, name, namespace, mutation);
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
  }

  private void register(String namespace, String authority) {
    plane
        .client()
        .resource(
            new MutatingWebhookConfigurationBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addNewWebhook()
                .withName("pods." + name + ".example.com")
                .withAdmissionReviewVersions("v1")
                .withSideEffects("None")
                .withFailurePolicy("Fail")
                .withNewClientConfig()
                .withUrl("https://127.0.0.1:" + server.getAddress().getPort() + "/")
                .withCaBundle(
                    Base64.getEncoder()
                        .encodeToString(authority.getBytes(StandardCharsets.US_ASCII)))
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

  private static void answer(HttpExchange exchange, Mutation mutation) throws IOException {
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      JsonNode request = JSON.readTree(body).path("request");
      ArrayNode patch = JSON.createArrayNode();
      mutation.accept(request.path("object"), patch);
      ObjectNode review =
          JSON.createObjectNode()
              .put("apiVersion", "admission.k8s.io/v1")
              .put("kind", "AdmissionReview");
      ObjectNode response = review.putObject("response");
      response.put("uid", request.path("uid").asText()).put("allowed", true);
      if (!patch.isEmpty()) {
        response.put("patchType", "JSONPatch");
        response.put(
            "patch",
            Base64.getEncoder().encodeToString(patch.toString().getBytes(StandardCharsets.UTF_8)));
      }
      byte[] bytes = JSON.writeValueAsBytes(review);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  /** Made by the JDK's own tool: the JDK has no API for it. */
  private static KeyStore selfSigned() throws IOException, GeneralSecurityException {
    Path folder = Files.createTempDirectory("stand-in-webhook");
    Path file = folder.resolve("keys.p12");
    try {
      Process keytool =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  "stand-in",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=stand-in",
                  "-ext",
                  "san=ip:127.0.0.1",
                  "-validity",
                  "2",
                  "-startdate",
                  "-1H",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  file.toString(),
                  "-storepass",
                  new String(PASSWORD))
              .redirectErrorStream(true)
              .start();
      keytool.getOutputStream().close();
      String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool: " + said);
      }
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD);
      }
      return keys;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", e);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static String pem(KeyStore keys) throws GeneralSecurityException {
    byte[] certificate = keys.getCertificate("stand-in").getEncoded();
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
        + "\n-----END CERTIFICATE-----\n";
  }
}
