package dev.tandem.router.proxy;

import dev.tandem.router.IndexConfig;
import dev.tandem.router.prefix.PrefixBlocks;
import dev.tandem.router.request.InferenceRequest;
import dev.tandem.router.request.TokenIds;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks an engine for the token ids of a prompt that is known as text, because what engines tell of
 * their caches can be compared with nothing else. Only where that may change the choice, and only
 * for so long: without an answer in time the request goes on with its text. Runs on the router's
 * event loop.
 */
final class Tokenizer {

  private static final String PATH = "/tokenize";

  /** Shorter texts fill no block, and nothing is known of them in either form. */
  private static final int LEAST_TEXT = PrefixBlocks.BLOCK_BYTES;

  /** A text of a million tokens; beyond it the question would take longer than it may. */
  private static final int MOST_TEXT = 4 << 20;

  /** Of ids of ten digits, commas and blanks. */
  private static final int MOST_ANSWER = 12 << 20;

  /** Questions on their way at once; an engine slower than that answers none in time. */
  private static final int MOST_ASKED = 64;

  /** As many engines as an index knows. */
  private static final int MOST_PAUSES = 1_024;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final IndexConfig config;
  private final BooleanSupplier worthwhile;
  private final Function<String, List<Target>> engines;
  private final RouterMetrics metrics;
  private final Map<String, Pause> pauses =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Pause> oldest) {
          return size() > MOST_PAUSES; // pods come and go
        }
      };
  private int asked;
  private int turn;

  /**
   * Asks nobody yet.
   *
   * @param worthwhile whether an engine tells of its cache, and there is one to choose
   * @param engines who may be asked about prompts for a model: the own engine, or for a gateway
   *     those of the pool, in turn
   */
  Tokenizer(
      Vertx vertx,
      HttpClientAgent client,
      IndexConfig config,
      BooleanSupplier worthwhile,
      Function<String, List<Target>> engines,
      RouterMetrics metrics) {
    this.vertx = vertx;
    this.client = client;
    this.config = config;
    this.worthwhile = worthwhile;
    this.engines = engines;
    this.metrics = metrics;
  }

  /**
   * Goes on with the request, at once or after at most the time configured: by its token ids where
   * an engine gave them, else as it came.
   *
   * @param headers the client's; an engine may want its key
   */
  void tokenized(InferenceRequest request, MultiMap headers, Consumer<InferenceRequest> then) {
    Target target = wanted(request) ? next(request.model()) : null;
    byte[] question = target == null ? null : TokenIds.question(request);
    if (target == null || question == null) {
      then.accept(request);
      return;
    }
    if (asked >= MOST_ASKED) {
      metrics.tokenized("busy");
      then.accept(request);
      return;
    }
    asked++;
    new Question(target, request, then).ask(call(target, question, headers));
  }

  private boolean wanted(InferenceRequest request) {
    return config.tokenize() == IndexConfig.Tokenize.AUTO
        && request.tokens() == null
        && request.prompt().length >= LEAST_TEXT
        && request.prompt().length <= MOST_TEXT
        && worthwhile.getAsBoolean();
  }

  private @Nullable Target next(String model) {
    List<Target> all = engines.apply(model);
    for (int i = 0; i < all.size(); i++) {
      Target target = all.get(Math.floorMod(turn++, all.size()));
      Pause pause = pauses.get(target.name());
      if (pause == null || pause.over(System.nanoTime())) {
        return target;
      }
    }
    return null;
  }

  /** An engine began anew, and may answer now. */
  void began(String engine) {
    pauses.remove(engine);
  }

  private Call call(Target target, byte[] question, MultiMap headers) {
    MultiMap sent = MultiMap.caseInsensitiveMultiMap().add("content-type", "application/json");
    String key = headers.get("authorization");
    if (key != null) {
      sent.add("authorization", key);
    }
    return new Call(
        target.name(),
        target.host(),
        target.port(),
        HttpMethod.POST,
        PATH,
        sent,
        Buffer.buffer(question),
        config.tokenizeWithin());
  }

  /** One question, which ends once: with ids, with a reason, or when its time is up. */
  private final class Question implements Upstream.Listener {
    private final Target target;
    private final InferenceRequest request;
    private final Consumer<InferenceRequest> then;
    private final long timer;
    private final Buffer answer = Buffer.buffer();
    private @Nullable Upstream leg;
    private @Nullable Reply reply;
    private boolean done;

    Question(Target target, InferenceRequest request, Consumer<InferenceRequest> then) {
      this.target = target;
      this.request = request;
      this.then = then;
      this.timer = vertx.setTimer(config.tokenizeWithin().toMillis(), id -> unanswered("timeout"));
    }

    void ask(Call call) {
      leg = Leg.send(vertx, client, call, this);
    }

    @Override
    public void replied(Reply head, @Nullable String prefillPod, long cachedTokens) {
      if (done) {
        head.discard();
        return;
      }
      reply = head;
      head.consume(this::chunk, this::whole, broken -> unanswered("error"));
    }

    @Override
    public void failed(Failure failure) {
      unanswered(failure.kind() == Failure.Kind.TIMED_OUT ? "timeout" : "error");
    }

    private void chunk(Buffer chunk) {
      if (!done) {
        answer.appendBuffer(chunk);
        if (answer.length() > MOST_ANSWER) {
          unanswered("too_large");
        }
      }
    }

    private void whole() {
      Reply head = reply;
      if (done || head == null) {
        return;
      }
      switch (head.status()) {
        case 200 -> ids();
        case 404, 405, 501 -> absent();
        case 400, 422 -> end("refused", request); // this prompt's fault, if any
        default -> unanswered("error");
      }
    }

    private void ids() {
      int[] ids;
      try {
        ids = TokenIds.answer(answer.getBytes());
      } catch (IOException e) {
        unanswered("malformed");
        return;
      }
      pauses.remove(target.name());
      end("ok", request.withTokens(ids));
    }

    /** vLLM's own errors have this key; a path it does not serve is answered by its framework. */
    private void absent() {
      if (answer.toString().contains("\"error\"")) {
        end("unknown_model", request);
      } else {
        pause(true);
        end("absent", request);
      }
    }

    private void unanswered(String outcome) {
      if (!done) {
        pause(false);
        end(outcome, request);
      }
    }

    private void pause(boolean missing) {
      pauses.computeIfAbsent(target.name(), name -> new Pause()).failed(missing, System.nanoTime());
    }

    private void end(String outcome, InferenceRequest known) {
      done = true;
      asked--;
      vertx.cancelTimer(timer);
      if (leg != null) {
        leg.cancel();
      }
      if (reply != null) {
        reply.discard();
      }
      metrics.tokenized(outcome);
      then.accept(known);
    }
  }
}
