package dev.tandem.router.proxy;

import io.vertx.core.MultiMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** Which headers pass, and in which direction. Stateless. */
final class Headers {

  /** Where the prompt is to be computed, from router to router only. */
  static final String PREFILLER = "x-prefiller-host-port";

  /** A request's id among routers. */
  static final String REQUEST = "x-tandem-request";

  /** Prompt tokens in all and to be computed, as the choosing router estimates them. */
  static final String TOKENS = "x-tandem-tokens";

  /** Present on the prefill leg of an exchange. */
  static final String LEG = "x-tandem-leg";

  /** On answers of a peer port that refused the request itself. */
  static final String REFUSED = "x-tandem-refused";

  /** Asks for the decision only. */
  static final String ROUTING_REQUEST = "x-routing-request";

  /** Where the request is to go. */
  static final String DESTINATION = "x-gateway-destination-endpoint";

  /** Which engine is to serve it, by name. */
  static final String WORKER = "x-gateway-worker-id";

  /** On refusals: one of {@link Dropped}. */
  static final String DROPPED = "x-llm-d-request-dropped-reason";

  // llm-d's names, each with the one it had before.
  static final String FAIRNESS = "x-llm-d-inference-fairness-id";
  static final String OLD_FAIRNESS = "x-gateway-inference-fairness-id";
  static final String OBJECTIVE = "x-llm-d-inference-objective";
  static final String OLD_OBJECTIVE = "x-gateway-inference-objective";
  static final String TTFT_MILLIS = "x-llm-d-slo-ttft-ms";
  static final String OLD_TTFT_MILLIS = "x-slo-ttft-ms";

  /** vLLM's own: lower is sooner. */
  static final String VLLM_PRIORITY = "x-vllm-priority";

  static final String DECODE_POD = "x-tandem-decode";
  static final String PREFILL_POD = "x-tandem-prefill";
  static final String REQUEST_ID = "x-request-id";

  // RFC 9110 7.6.1, and what the HTTP stack writes itself. Expect is answered here.
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "host",
          "content-length",
          "expect");

  private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private Headers() {}

  /**
   * A client's headers as an engine may see them: without the ones that steer routers and engines,
   * and without a wish for compression, which would hide events.
   */
  static MultiMap toEngine(MultiMap client) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    String named = connectionNamed(client);
    for (Map.Entry<String, String> header : client) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!HOP_BY_HOP.contains(name)
          && !steers(name)
          && !name.equals("accept-encoding")
          && !named.contains("," + name + ",")) {
        headers.add(name, header.getValue());
      }
    }
    return headers;
  }

  /** An engine's headers as its client may see them. */
  static void toClient(MultiMap engine, MultiMap client, boolean keepLength) {
    String named = connectionNamed(engine);
    for (Map.Entry<String, String> header : engine) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      boolean length = keepLength && name.equals("content-length");
      if (length
          || (!HOP_BY_HOP.contains(name) && !steers(name) && !named.contains("," + name + ","))) {
        client.add(name, header.getValue());
      }
    }
  }

  /** The caller's request id where it is one, else a new one. */
  static String requestId(MultiMap client) {
    String given = client.get(REQUEST_ID);
    return given != null && REQUEST_ID_FORM.matcher(given).matches()
        ? given
        : UUID.randomUUID().toString();
  }

  private static boolean steers(String name) {
    return name.startsWith("x-tandem-")
        || name.startsWith("x-gateway-")
        || name.startsWith("x-llm-d-")
        || name.startsWith("x-data-parallel-")
        || name.equals(PREFILLER)
        || name.equals(ROUTING_REQUEST)
        || name.equals("x-encoder-hosts-ports")
        || name.equals("x-kv-cache-source-host-port");
  }

  private static String connectionNamed(MultiMap headers) {
    String named = headers.get("connection");
    return named == null
        ? ""
        : "," + named.toLowerCase(Locale.ROOT).replace(" ", "").replace("\t", "") + ",";
  }
}
