package dev.tandem.standin.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.EngineConfig;
import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.schedule.Generation;
import dev.tandem.standin.schedule.RemotePrefill;
import dev.tandem.standin.schedule.Scheduler;
import dev.tandem.standin.transfer.Exchange;
import dev.tandem.standin.transfer.TransferParams;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Admits completions and chat requests, and aborts them when the client goes. Event loop only. */
final class Completions {
  private static final Logger log = LoggerFactory.getLogger(Completions.class);

  private final EngineConfig config;
  private final Names names;
  private final Scheduler scheduler;
  private final BlockHasher hasher;
  private final @Nullable Exchange exchange;
  private final Faults faults;
  private final InstantSource clock;
  private final Runnable die;
  private int requests;

  /**
   * @param exchange with other engines, null without a connector
   * @param die closes the engine for good
   */
  Completions(
      EngineConfig config,
      Scheduler scheduler,
      BlockHasher hasher,
      @Nullable Exchange exchange,
      Faults faults,
      InstantSource clock,
      Runnable die) {
    this.config = config;
    this.names = new Names(config.model());
    this.scheduler = scheduler;
    this.hasher = hasher;
    this.exchange = exchange;
    this.faults = faults;
    this.clock = clock;
    this.die = die;
  }

  /** Serves one request whose body is complete. */
  void serve(HttpServerRequest http, byte[] body, boolean chat) throws RequestError {
    ObjectNode object = Json.object(body);
    TransferParams transfer = TransferParams.of(object.get("kv_transfer_params"));
    try {
      CompletionRequest request = CompletionRequest.of(object, chat);
      String lora = names.lora(request.model());
      List<Sequence> sequences = sequences(request);
      FaultPlan fault = faults.next();
      switch (fault.kind()) {
        case FAIL -> throw new RequestError(500, "InternalServerError", "injected fault", null);
        case HANG -> {
          return; // never answered: the client has to give up
        }
        case DIE -> {
          die.run();
          return;
        }
        case NONE, CUT, ERROR -> admit(http, request, lora, sequences, transfer, fault);
      }
    } catch (RequestError e) {
      // refused before it was admitted: let the other engine free its blocks at once
      if (exchange != null && transfer instanceof TransferParams.Remote remote) {
        exchange.release(remote);
      }
      throw e;
    }
  }

  private List<Sequence> sequences(CompletionRequest request) throws RequestError {
    List<Sequence> sequences = new ArrayList<>();
    for (int[] prompt : request.prompts()) {
      int room = room(prompt, request.limit());
      for (int choice = 0; choice < request.choices(); choice++) {
        Draft draft =
            Draft.of(prompt, request, choice, room, config.serving().defaultOutputTokens());
        sequences.add(new Sequence(sequences.size(), choice, prompt, draft));
      }
    }
    return sequences;
  }

  private int room(int[] prompt, @Nullable Integer limit) throws RequestError {
    int most = config.model().maxModelLen();
    if (prompt.length >= most || prompt.length + (long) (limit == null ? 1 : limit) > most) {
      throw RequestError.badRequest(
          "This model's maximum context length is "
              + most
              + " tokens. However, you requested "
              + (limit == null ? "at least 1" : limit)
              + " output tokens and your prompt contains "
              + prompt.length
              + " input tokens.",
          "input_tokens");
    }
    long capacity = (long) config.cache().blocks() * config.cache().blockSize();
    if (prompt.length > capacity) {
      throw RequestError.badRequest(
          "the prompt has " + prompt.length + " tokens, the KV cache " + capacity, "input_tokens");
    }
    return most - prompt.length;
  }

  private void admit(
      HttpServerRequest http,
      CompletionRequest request,
      @Nullable String lora,
      List<Sequence> sequences,
      TransferParams transfer,
      FaultPlan fault)
      throws RequestError {
    String requestId = requestId(http);
    String id = (request.chat() ? "chatcmpl-" : "cmpl-") + requestId;
    if (scheduler.waitingForCapacity() + scheduler.waitingForPeers() + sequences.size()
        > config.maxWaiting()) {
      throw new RequestError(
          503,
          "ServiceUnavailableError",
          "the engine has "
              + scheduler.waitingForCapacity()
              + " requests waiting, at most "
              + config.maxWaiting()
              + " are accepted",
          null);
    }
    if (config.serving().requestIdHeaders()) {
      http.response().putHeader("X-Request-Id", requestId);
    }
    Answer.Frame frame =
        new Answer.Frame(
            id,
            clock.millis() / 1000,
            names.shown(request.model()),
            request.chat(),
            sequences,
            config.serving().promptTokensDetails());
    Answer answer =
        request.stream()
            ? new StreamAnswer(
                http,
                frame,
                request,
                request.includeUsage() || config.serving().forceIncludeUsage(),
                fault)
            : new WholeAnswer(http, frame, request, fault.kind() == FaultPlan.Kind.CUT);
    http.response().closeHandler(closed -> abort(sequences));
    RemotePrefill remote = remote(transfer, sequences.size());
    for (Sequence sequence : sequences) {
      submit(
          request,
          lora,
          id,
          sequence,
          answer,
          sequence.index() == 0 ? remote : null,
          transfer instanceof TransferParams.Produce && sequence.index() == 0);
    }
  }

  private void submit(
      CompletionRequest request,
      @Nullable String lora,
      String id,
      Sequence sequence,
      Answer answer,
      @Nullable RemotePrefill remote,
      boolean produce) {
    String internalId =
        id + "-" + sequence.index() + "-" + String.format("%08x", 0x9E3779B1 * ++requests);
    Generation.Plan plan =
        new Generation.Plan(
            internalId,
            hasher.prompt(sequence.prompt(), lora, request.cacheSalt()),
            sequence.draft().tokens(),
            sequence.draft().reason(),
            config.serving().streamInterval(),
            request.stream(),
            produce && exchange != null);
    Generation generation =
        new Generation(
            plan,
            remote,
            new Generation.Listener() {
              @Override
              public void tokens(int from, int to) {
                answer.tokens(sequence, from, to);
              }

              @Override
              public void finished(int @Nullable [] blockIds) {
                answer.finished(
                    sequence,
                    blockIds == null || exchange == null
                        ? null
                        : exchange.offer(internalId, blockIds, sequence.prompt().length));
              }

              @Override
              public void failed(String why) {
                log.warn("request {} failed: {}", internalId, why);
                answer.failed();
              }
            });
    sequence.generation(generation);
    scheduler.submit(generation);
  }

  private void abort(List<Sequence> sequences) {
    for (Sequence sequence : sequences) {
      Generation generation = sequence.generation();
      if (generation != null) {
        scheduler.abort(generation);
      }
    }
  }

  /** The pull to make, or null: then the prompt is prefilled here. */
  private @Nullable RemotePrefill remote(TransferParams transfer, int sequences) {
    return switch (transfer) {
      case TransferParams.None _, TransferParams.Produce _ -> null;
      case TransferParams.Incomplete(List<String> fields) -> {
        log.warn("Got invalid KVTransferParams, missing {}: prefilling here", fields);
        yield null;
      }
      case TransferParams.Remote remote -> {
        if (exchange == null) {
          log.warn("kv_transfer_params without --kv-transfer-config: prefilling here");
          yield null;
        }
        if (sequences > 1) {
          log.warn("kv_transfer_params for {} sequences: prefilling here", sequences);
          exchange.release(remote);
          yield null;
        }
        yield exchange.open(remote);
      }
    };
  }

  private static String requestId(HttpServerRequest http) {
    String given = http.getHeader("X-Request-Id");
    return given == null || given.isBlank() ? UUID.randomUUID().toString().replace("-", "") : given;
  }
}
