package dev.tandem.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.api.Keys;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Transport;
import dev.tandem.webhook.binding.BindingStamp;
import dev.tandem.webhook.certificates.CertificateIssuer;
import dev.tandem.webhook.certificates.CertificateIssuer.Purpose;
import dev.tandem.webhook.certificates.Identity;
import dev.tandem.webhook.certificates.KeyedCertificate;
import dev.tandem.webhook.certificates.ServedIdentity;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.InjectionResult;
import dev.tandem.webhook.inject.Injector;
import dev.tandem.webhook.tls.TlsConnections;
import dev.tandem.webhook.tls.TlsLibrary;
import io.fabric8.zjsonpatch.JsonPatch;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire, over real TLS on loopback. */
final class WebhookServerTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PODS = "/mutate-pods";
  private static final String BINDINGS = "/mutate-bindings";
  private static final String UID = "705ab4f5-6393-11e8-b7cc-42010a800002";

  private final List<OwnerEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable String> notReady = new AtomicReference<>();
  private final ServedIdentity served = new ServedIdentity();
  private KeyedCertificate authority;
  private WebhookServer server;
  private Caller caller;

  @BeforeEach
  void start() throws Exception {
    authority =
        new CertificateIssuer(Clock.systemUTC(), new SecureRandom())
            .authority("authority", Duration.ofDays(1));
    showNewLeaf();
    server =
        new WebhookServer(
            "127.0.0.1",
            0,
            new TlsConnections(served, TlsLibrary.boringssl),
            new Injector(InjectionConfig.DEFAULT),
            new BindingStamp(WebhookServerTest::locality),
            events::add,
            new WebhookMetrics(),
            notReady::get);
    caller = new Caller("https://127.0.0.1:" + server.port(), pem(authority));
  }

  @AfterEach
  void stop() {
    caller.close();
    server.close();
  }

  @Test
  void aNewCertificateIsShownToNewConnectionsAndOpenOnesLiveOn() throws Exception {
    try (SSLSocket open = connected()) {
      X509Certificate before = (X509Certificate) open.getSession().getPeerCertificates()[0];
      showNewLeaf();
      try (SSLSocket next = connected()) {
        assertThat(next.getSession().getPeerCertificates()[0]).isNotEqualTo(before);
      }
      open.getOutputStream().write(bytes("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      byte[] answer = open.getInputStream().readNBytes(12);
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
  }

  private SSLSocket connected() throws IOException {
    SSLSocket socket = (SSLSocket) caller.sockets().createSocket("127.0.0.1", server.port());
    socket.setSoTimeout(60_000);
    // A session of before would spare the server its certificate.
    socket.getSession().invalidate();
    socket.startHandshake();
    return socket;
  }

  private void showNewLeaf() {
    KeyedCertificate leaf =
        new CertificateIssuer(Clock.systemUTC(), new SecureRandom())
            .leaf(
                authority, List.of("localhost", "127.0.0.1"), Duration.ofHours(1), Purpose.SERVER);
    served.show(new Identity(List.of(leaf.certificate()), leaf.key()));
  }

  private static String pem(KeyedCertificate authority) throws CertificateEncodingException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(authority.certificate().getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  @Test
  void aPodIsAnsweredWithItsUidAndAPatchThatApplies() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'}},'spec':{'containers':[{'name':'vllm','image':'vllm/vllm-openai','args':['--model','m']}]}}"
            .formatted(Keys.INJECT);
    JsonNode response = caller.review(PODS, review("Pod", "CREATE", pod));
    assertThat(response.path("uid").asText()).isEqualTo(UID);
    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("patchType").asText()).isEqualTo("JSONPatch");
    JsonNode patch = JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
    JsonNode injected = JsonPatch.apply(patch, JSON.readTree(json(pod)));
    assertThat(injected.at("/spec/initContainers/0/name").asText()).isEqualTo("tandem-router");
  }

  @Test
  void aPodWithoutAnnotationsIsInjected() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'},'annotations':null},'spec':{'containers':[{'name':'vllm','image':'vllm/vllm-openai','args':['--model','m']}]}}"
            .formatted(Keys.INJECT);
    JsonNode response = caller.review(PODS, review("Pod", "CREATE", pod));
    assertThat(response.path("allowed").asBoolean()).isTrue();
    JsonNode patch = JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
    JsonNode injected = JsonPatch.apply(patch, JSON.readTree(json(pod)));
    assertThat(injected.at("/metadata/annotations").has(Keys.MODEL)).isTrue();
  }

  @Test
  void aBadAnnotationDeniesWithKeyValueAndAcceptedValues() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'},'annotations':{'%s':'worker'}},'spec':{'containers':[{'name':'vllm','image':'vllm','args':['--model','m']}]}}"
            .formatted(Keys.INJECT, Keys.ROLE);
    JsonNode response = caller.review(PODS, review("Pod", "CREATE", pod));
    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.has("patch")).isFalse();
    assertThat(response.path("status").path("code").asInt()).isEqualTo(422);
    assertThat(response.path("status").path("message").asText())
        .contains(Keys.ROLE, "worker", "prefill, decode, both");
  }

  @Test
  void warningsAreAtMost120Characters() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'},'annotations':{'%s%s':'x'}},'spec':{'containers':[{'name':'vllm','image':'vllm/vllm-openai:v0.26.0','args':['--model','m']}]}}"
            .formatted(Keys.INJECT, Keys.PREFIX, "u".repeat(200));
    JsonNode warnings = caller.review(PODS, review("Pod", "CREATE", pod)).path("warnings");
    assertThat(warnings).hasSize(1);
    assertThat(warnings.path(0).asText()).hasSizeLessThanOrEqualTo(120);
  }

  @Test
  void aWarningIsCutBetweenCharactersAndHasNoControlCharacter() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'},'annotations':{'%s%s':'x'}},'spec':{'containers':[{'name':'vllm','image':'vllm/vllm-openai:v0.26.0','args':['--model','m']}]}}"
            .formatted(Keys.INJECT, Keys.PREFIX, "\\u0085" + "\ud83d\ude80".repeat(100));
    String warning =
        caller.review(PODS, review("Pod", "CREATE", pod)).path("warnings").path(0).asText();
    assertThat(warning.chars()).noneMatch(Character::isISOControl);
    assertThat(warning.codePoints().filter(c -> c >= 0xd800 && c < 0xe000)).isEmpty();
  }

  @Test
  void halfACharacterInAValueIsAnswered() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'},'annotations':{'%s':'\\ud83d'}},'spec':{'containers':[{'name':'vllm','image':'vllm','args':['--model','m']}]}}"
            .formatted(Keys.INJECT, Keys.ROLE);
    JsonNode response = caller.review(PODS, review("Pod", "CREATE", pod));
    assertThat(response.path("status").path("message").asText()).contains(Keys.ROLE);
  }

  @Test
  void otherKindsAndOperationsAreAllowedUntouched() throws Exception {
    for (String review :
        List.of(
            review("Service", "CREATE", "{'spec':{}}"),
            review("Pod", "UPDATE", "{'spec':{}}"),
            review("Pod", "DELETE", "null"))) {
      JsonNode response = caller.review(PODS, review);
      assertThat(response.path("allowed").asBoolean()).isTrue();
      assertThat(response.has("patch")).isFalse();
    }
  }

  @Test
  void aBindingIsStamped() throws Exception {
    JsonNode response =
        caller.review(
            BINDINGS,
            review("Binding", "CREATE", "{'metadata':{'name':'p'},'target':{'name':'gpu-1'}}"));
    JsonNode patch = JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
    assertThat(patch.findValuesAsText("value")).contains("node=gpu-1@50/pcie");
  }

  @Test
  void aBindingToAnUnknownNodeGoesOnWithAWarning() throws Exception {
    JsonNode response =
        caller.review(BINDINGS, review("Binding", "CREATE", "{'target':{'name':'gpu-9'}}"));
    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.has("patch")).isFalse();
    assertThat(response.path("warnings").path(0).asText()).contains("gpu-9");
    assertThat(caller.get("/metrics").body())
        .contains(
            "tandem_webhook_reviews_total{outcome=\"unknown_node\",resource=\"bindings\"} 1.0");
  }

  @Test
  void anErrorOfOursAdmitsWithAWarningAndIsCounted() throws Exception {
    JsonNode response =
        caller.review(BINDINGS, review("Binding", "CREATE", "{'target':{'name':'broken'}}"));
    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("warnings").path(0).asText()).contains("internal error");
    assertThat(caller.get("/metrics").body())
        .contains("tandem_webhook_reviews_total{outcome=\"error\",resource=\"bindings\"} 1.0");
  }

  @Test
  void anotherContentTypeIs415() throws Exception {
    assertThat(caller.post(PODS, "text/plain", bytes("{}")).statusCode()).isEqualTo(415);
  }

  @Test
  void aBodyOverEightMebibytesIs413WithAReviewInside() throws Exception {
    HttpResponse<String> response =
        caller.post(PODS, "application/json", new byte[ReviewEndpoint.MOST_BYTES + 1]);
    assertThat(response.statusCode()).isEqualTo(413);
    JsonNode review = JSON.readTree(response.body());
    assertThat(review.path("kind").asText()).isEqualTo("AdmissionReview");
    assertThat(review.at("/response/status/code").asInt()).isEqualTo(413);
    assertThat(refusals("too_large")).isEqualTo("1.0");
  }

  @Test
  void aBodyOfJustEightMebibytesIsRead() throws Exception {
    String start = review("Pod", "CREATE", "{}");
    byte[] body = new byte[ReviewEndpoint.MOST_BYTES];
    Arrays.fill(body, (byte) ' ');
    System.arraycopy(bytes(start), 0, body, 0, bytes(start).length);
    assertThat(caller.post(PODS, "application/json; charset=utf-8", body).statusCode())
        .isEqualTo(200);
  }

  @Test
  void whatIsNoReviewIs400AndSaysWhy() throws Exception {
    assertThat(badRequest("{\"kind\":")).contains("no JSON");
    assertThat(badRequest("")).contains("AdmissionReview");
    assertThat(badRequest("{}")).contains("admission.k8s.io/v1 AdmissionReview");
    assertThat(
            badRequest(
                "{\"apiVersion\":\"admission.k8s.io/v1beta1\",\"kind\":\"AdmissionReview\"}"))
        .contains("v1beta1");
    assertThat(
            badRequest(
                "{\"apiVersion\":\"admission.k8s.io/v1\",\"kind\":\"AdmissionReview\",\"request\":{}}"))
        .contains("uid");
    assertThat(badRequest("[".repeat(100_000))).contains("no JSON");
    assertThat(badRequest("[-1E-999999999999]")).contains("a number nobody can hold");
    assertThat(refusals("unreadable")).isEqualTo("7.0");
  }

  @Test
  void aTruncatedBodyIsCountedAndDoesNotDisturbTheNextCaller() throws Exception {
    try (SSLSocket socket = (SSLSocket) caller.sockets().createSocket("127.0.0.1", server.port())) {
      socket.setSoTimeout(60_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          bytes(
              "POST /mutate-pods HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  + "Content-Length: 1000\r\n\r\n{\"apiVersion\":"));
      out.flush();
      socket.shutdownOutput();
      // Whoever ends its half gets no answer over BoringSSL, which ends both.
      assertThat(socket.getInputStream().readAllBytes()).isEmpty();
    }
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(refusals("truncated")).isEqualTo("1.0"));
    JsonNode next = caller.review(PODS, review("Service", "CREATE", "{}"));
    assertThat(next.path("allowed").asBoolean()).isTrue();
  }

  @Test
  void theOwnerIsToldWhatBecameOfAPodAndADryRunTellsNobody() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'},'ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'rs','uid':'u','controller':true}]},'spec':{'containers':[{'name':'vllm','image':'vllm','args':['--model','m']}]}}"
            .formatted(Keys.INJECT);
    caller.review(
        PODS, review("Pod", "CREATE", pod).replace("\"dryRun\":false", "\"dryRun\":true"));
    assertThat(events).isEmpty();
    caller.review(PODS, review("Pod", "CREATE", pod));
    assertThat(events)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.kind()).isEqualTo(OwnerEvent.Kind.INJECTED);
          assertThat(event.ownerKind()).isEqualTo("ReplicaSet");
          assertThat(event.namespace()).isEqualTo("models");
        });
  }

  @Test
  void theAuditLogIsToldTheOutcomeAndTheTemplate() throws Exception {
    String pod =
        "{'metadata':{'labels':{'%s':'true'}},'spec':{'containers':[{'name':'vllm','image':'vllm','args':['--model','m']}]}}"
            .formatted(Keys.INJECT);
    JsonNode audit = caller.review(PODS, review("Pod", "CREATE", pod)).path("auditAnnotations");
    assertThat(audit.path("outcome").asText()).isEqualTo("injected");
    assertThat(audit.path("template").asText()).startsWith("sha256:");
  }

  @Test
  void everyOutcomeIsShownBeforeItHappens() throws Exception {
    String metrics = caller.get("/metrics").body();
    assertThat(InjectionResult.outcomes())
        .allSatisfy(outcome ->
            assertThat(metrics)
                .contains(
                    "tandem_webhook_reviews_total{outcome=\"%s\",resource=\"pods\"} 0.0"
                        .formatted(outcome)));
  }

  @Test
  void outcomesOfBindingsAndDefectsAreShownBeforeTheyHappen() throws Exception {
    assertThat(caller.get("/metrics").body())
        .contains(
            "tandem_webhook_reviews_total{outcome=\"stamped\",resource=\"bindings\"} 0.0",
            "tandem_webhook_reviews_total{outcome=\"unknown_node\",resource=\"bindings\"} 0.0",
            "tandem_webhook_reviews_total{outcome=\"error\",resource=\"pods\"} 0.0");
  }

  @Test
  void aTextOfMillionsOfEmptyObjectsIsRefusedBeforeItFillsTheHeap() throws Exception {
    assertThat(badRequest("[" + "{},".repeat(1_000_000) + "{}]")).contains("no JSON");
  }

  @Test
  void readinessFollowsItsReason() throws Exception {
    assertThat(caller.get("/readyz").statusCode()).isEqualTo(200);
    notReady.set("nodes are still being listed");
    HttpResponse<String> response = caller.get("/readyz");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("nodes are still being listed");
    assertThat(caller.get("/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void outcomesAndBadRequestsAreCountedByReason() throws Exception {
    caller.review(PODS, review("Pod", "CREATE", "{'spec':{'containers':[{'name':'redis'}]}}"));
    caller.post(PODS, "text/plain", bytes("{}"));
    assertThat(caller.get("/metrics").body())
        .contains("outcome=\"skipped_not_vllm\"", "reason=\"content_type\"");
  }

  /** How often requests were refused for this reason, as the metrics say. */
  private String refusals(String reason) throws IOException, InterruptedException {
    String line = "tandem_webhook_bad_requests_total{reason=\"" + reason + "\"} ";
    return caller
        .get("/metrics")
        .body()
        .lines()
        .filter(metric -> metric.startsWith(line))
        .map(metric -> metric.substring(line.length()))
        .findFirst()
        .orElse("none");
  }

  private String badRequest(String body) throws IOException, InterruptedException {
    HttpResponse<String> response = caller.post(PODS, "application/json", bytes(body));
    assertThat(response.statusCode()).isEqualTo(400);
    return response.body();
  }

  private static @Nullable LocalityPath locality(String node) {
    return switch (node) {
      case "gpu-1" ->
          new LocalityPath(List.of(new LocalityPath.Step("node", node, 50, Transport.PCIE)));
      case "broken" -> throw new IllegalStateException("a defect");
      default -> null;
    };
  }

  private static String review(String kind, String operation, String object) {
    return json(
        "{'apiVersion':'admission.k8s.io/v1','kind':'AdmissionReview','request':{'uid':'%s','kind':{'group':'','version':'v1','kind':'%s'},'operation':'%s','namespace':'models','object':%s,'dryRun':false}}"
            .formatted(UID, kind, operation, object));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
