package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.EngineConfig;
import dev.tandem.standin.cache.BlockCache;
import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.flags.UsageError;
import dev.tandem.standin.metrics.EngineMetrics;
import dev.tandem.standin.schedule.Scheduler;
import dev.tandem.standin.schedule.Timing;
import dev.tandem.standin.transfer.Exchange;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The engine's endpoints, with vLLM's paths, methods and refusals. Event loop only. A body larger
 * than {@code --standin-max-body-bytes} is answered 413 and its connection closed.
 */
public final class Routes implements Handler<HttpServerRequest> {
  private static final String JSON = "application/json";

  private final EngineConfig config;
  private final EngineMetrics metrics;
  private final Scheduler scheduler;
  private final BlockCache cache;
  private final Completions completions;
  private final Tokenizing tokenizing;
  private final Faults faults;
  private final InstantSource clock;
  private final Runnable die;
  private final IdleConnections idle;
  private final Map<String, Route> routes;
  private int load;

  /** Serves one method of a path. */
  private interface Endpoint {
    void serve(HttpServerRequest http, byte[] body) throws RequestError;
  }

  private record Route(List<String> methods, Endpoint endpoint) {}

  /**
   * @param exchange with other engines, null without a connector
   * @param die closes the engine for good
   */
  public Routes(
      EngineConfig config,
      EngineMetrics metrics,
      Scheduler scheduler,
      BlockCache cache,
      BlockHasher hasher,
      @Nullable Exchange exchange,
      Timing timing,
      InstantSource clock,
      Runnable die) {
    this.config = config;
    this.metrics = metrics;
    this.scheduler = scheduler;
    this.cache = cache;
    this.faults = new Faults(config.fault());
    this.clock = clock;
    this.die = die;
    this.completions = new Completions(config, scheduler, hasher, exchange, faults, clock, die);
    this.tokenizing = new Tokenizing(config);
    this.idle = new IdleConnections(timing);
    this.routes = routes();
  }

  /** Watches a new connection. */
  public void opened(HttpConnection connection) {
    idle.idle(connection);
    connection.closeHandler(closed -> idle.gone(connection));
  }

  @Override
  public void handle(HttpServerRequest http) {
    HttpConnection connection = http.connection();
    idle.busy(connection);
    String path = http.path() == null ? "" : http.path();
    Route route = routes.get(path);
    String label = route == null ? "none" : path;
    http.response()
        .headersEndHandler(sent ->
            metrics.httpRequest(label, http.method().name(), http.response().getStatusCode()));
    http.response().endHandler(ended -> idle.idle(connection));
    if (route == null) {
      detail(http, 404, "Not Found");
    } else if (!route.methods().contains(http.method().name())) {
      detail(http, 405, "Method Not Allowed");
    } else if (path.startsWith("/v1/") && !authorized(http)) {
      http.response()
          .setStatusCode(401)
          .putHeader("content-type", JSON)
          .end("{\"error\":\"Unauthorized\"}");
    } else {
      receive(http, route.endpoint(), label);
    }
  }

  private Map<String, Route> routes() {
    Map<String, Route> all = new HashMap<>();
    all.put("/v1/completions", post((http, body) -> generate(http, body, false)));
    all.put("/v1/chat/completions", post((http, body) -> generate(http, body, true)));
    all.put("/v1/models", get((http, body) -> json(http, models())));
    all.put("/tokenize", post((http, body) -> json(http, tokenizing.tokenize(body))));
    all.put("/detokenize", post((http, body) -> json(http, tokenizing.detokenize(body))));
    all.put("/version", get((http, body) -> json(http, version())));
    all.put("/load", get((http, body) -> json(http, serverLoad())));
    all.put("/metrics", get((http, body) -> exposition(http)));
    for (String alive : List.of("/health", "/healthz", "/readyz")) {
      all.put(alive, get((http, body) -> http.response().end()));
    }
    all.put("/ping", new Route(List.of("GET", "POST"), (http, body) -> http.response().end()));
    if (config.serving().developmentMode()) {
      all.put("/standin/fault", post(this::fault));
      all.put("/reset_prefix_cache", post((http, body) -> resetCache(http)));
    }
    return Map.copyOf(all);
  }

  private static Route get(Endpoint endpoint) {
    return new Route(List.of("GET"), endpoint);
  }

  private static Route post(Endpoint endpoint) {
    return new Route(List.of("POST"), endpoint);
  }

  private void receive(HttpServerRequest http, Endpoint endpoint, String label) {
    Buffer body = Buffer.buffer();
    int most = config.serving().maxBodyBytes();
    http.handler(chunk -> {
      if (body.length() > most) {
        return; // refused already, the rest is not kept
      }
      body.appendBuffer(chunk);
      if (body.length() > most) {
        refuse(
            http,
            new RequestError(
                413, "RequestEntityTooLarge", "the body is larger than " + most + " bytes", null));
        http.connection().close();
      }
    });
    http.exceptionHandler(cut -> {
      if (!http.isEnded()) {
        metrics.httpRequest(label, http.method().name(), 400);
      }
    });
    http.endHandler(ended -> {
      if (body.length() > most) {
        return;
      }
      try {
        endpoint.serve(http, body.getBytes());
      } catch (RequestError e) {
        refuse(http, e);
      }
    });
  }

  private void generate(HttpServerRequest http, byte[] body, boolean chat) throws RequestError {
    if (config.serving().loadTracking()) {
      load++;
      http.response()
          .endHandler(ended -> {
            load--;
            idle.idle(http.connection());
          });
    }
    completions.serve(http, body, chat);
  }

  private boolean authorized(HttpServerRequest http) {
    List<String> keys = config.serving().apiKeys();
    String given = http.getHeader("Authorization");
    return keys.isEmpty()
        || (given != null && keys.stream().map("Bearer "::concat).anyMatch(given::equals));
  }

  private ObjectNode models() {
    EngineConfig.Model model = config.model();
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("object", "list");
    ArrayNode data = answer.putArray("data");
    for (String name : model.servedNames()) {
      card(data.addObject(), name, model.path(), null);
    }
    for (String name : model.loraNames()) {
      card(data.addObject(), name, name, model.servedNames().getFirst());
    }
    return answer;
  }

  private void card(ObjectNode card, String name, String root, @Nullable String parent) {
    card.put("id", name);
    card.put("object", "model");
    card.put("created", clock.millis() / 1000);
    card.put("owned_by", "vllm");
    card.put("root", root);
    card.put("parent", parent);
    if (parent == null) {
      card.put("max_model_len", config.model().maxModelLen());
    } else {
      card.putNull("max_model_len");
    }
  }

  private ObjectNode version() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("version", config.model().compatibility().vllmVersion());
  }

  private ObjectNode serverLoad() {
    return JsonNodeFactory.instance.objectNode().put("server_load", load);
  }

  private void exposition(HttpServerRequest http) {
    http.response()
        .putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8")
        .end(Buffer.buffer(metrics.scrape()));
  }

  private void fault(HttpServerRequest http, byte[] body) throws RequestError {
    String text = new Fields(Json.object(body)).text("fault");
    FaultPlan plan;
    try {
      plan = FaultPlan.parse(text);
    } catch (UsageError e) {
      throw RequestError.badRequest(String.valueOf(e.getMessage()), "fault");
    }
    if (plan.kind() == FaultPlan.Kind.DIE) {
      die.run();
      return;
    }
    faults.use(plan);
    http.response().end();
  }

  private void resetCache(HttpServerRequest http) {
    // vLLM answers 200 whether or not blocks were in use
    cache.clear();
    scheduler.roomFreed();
    http.response().end();
  }

  private static void json(HttpServerRequest http, ObjectNode body) {
    http.response().putHeader("content-type", JSON).end(body.toString());
  }

  private static void detail(HttpServerRequest http, int status, String text) {
    http.response()
        .setStatusCode(status)
        .putHeader("content-type", JSON)
        .end("{\"detail\":\"" + text + "\"}");
  }

  private static void refuse(HttpServerRequest http, RequestError error) {
    HttpServerResponse response = http.response();
    if (!response.headWritten()) {
      response.setStatusCode(error.status()).putHeader("content-type", JSON).end(error.body());
    }
  }
}
