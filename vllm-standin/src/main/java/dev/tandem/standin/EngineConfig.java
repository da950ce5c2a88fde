package dev.tandem.standin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.standin.cache.BlockHasher;
import dev.tandem.standin.events.EventEncoding;
import dev.tandem.standin.events.KvEventsConfig;
import dev.tandem.standin.flags.CommandLine;
import dev.tandem.standin.flags.UsageError;
import dev.tandem.standin.http.FaultPlan;
import dev.tandem.standin.schedule.TimeModel;
import dev.tandem.standin.transfer.KvTransferConfig;
import dev.tandem.standin.transfer.Locality;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything one engine is started with, from the arguments and environment of a vLLM container.
 * Fully checked: an engine started with it fails only on sockets it cannot bind. Immutable.
 *
 * @param serving the HTTP side
 * @param model names and shape of what is served
 * @param time how long things take
 * @param cache the KV cache
 * @param maxNumSeqs requests that prefill or decode at once
 * @param maxWaiting requests that wait; more are answered 503
 * @param transfer the NIXL connector, null without one
 * @param sideChannel where its side channel listens and how long peers may take
 * @param locality where the engine is
 * @param events KV events, null when off
 * @param fault what goes wrong on purpose
 */
public record EngineConfig(
    Serving serving,
    Model model,
    TimeModel time,
    Cache cache,
    int maxNumSeqs,
    int maxWaiting,
    @Nullable KvTransferConfig transfer,
    SideChannelAddress sideChannel,
    Locality locality,
    @Nullable KvEventsConfig events,
    FaultPlan fault) {

  /** vLLM's default for the largest context of Llama-3.1 and its kin. */
  static final int DEFAULT_MAX_MODEL_LEN = 131_072;

  /** 32,000 blocks of 16 tokens: 512k tokens, the reference model of the evaluation. */
  static final int DEFAULT_CACHE_BLOCKS = 32_000;

  private static final int DEFAULT_MAX_WAITING = 10_000;
  private static final int DEFAULT_MAX_BODY_BYTES = 8 << 20;
  private static final String DEFAULT_MODEL = "Qwen/Qwen3-0.6B";
  private static final String DEFAULT_VLLM_VERSION = "0.28.0";

  /**
   * The HTTP side.
   *
   * @param host address to listen on
   * @param port 0 for any free one
   * @param apiKeys accepted bearer tokens for {@code /v1}, empty for none needed
   * @param promptTokensDetails {@code usage.prompt_tokens_details} is filled
   * @param requestIdHeaders answers carry {@code X-Request-Id}
   * @param loadTracking {@code /load} counts
   * @param forceIncludeUsage streams end with usage though nobody asked
   * @param developmentMode VLLM_SERVER_DEV_MODE: dangerous endpoints are open
   * @param maxBodyBytes larger bodies are answered 413
   * @param streamInterval tokens in one SSE chunk
   * @param defaultOutputTokens length of a chat answer that has no limit
   */
  public record Serving(
      String host,
      int port,
      List<String> apiKeys,
      boolean promptTokensDetails,
      boolean requestIdHeaders,
      boolean loadTracking,
      boolean forceIncludeUsage,
      boolean developmentMode,
      int maxBodyBytes,
      int streamInterval,
      int defaultOutputTokens) {
    public Serving {
      apiKeys = List.copyOf(apiKeys);
    }
  }

  /**
   * What is served.
   *
   * @param path the model as passed to vLLM; enters the compatibility hash as it is
   * @param servedNames names clients may use, the first one labels metrics
   * @param loraNames adapters, served under their own names
   * @param maxModelLen longest prompt and answer together, in tokens
   * @param tensorParallel ranks
   * @param dataParallelRank of this engine, from 0
   * @param compatibility what else enters the compatibility hash
   */
  public record Model(
      String path,
      List<String> servedNames,
      List<String> loraNames,
      int maxModelLen,
      int tensorParallel,
      int dataParallelRank,
      Compatibility compatibility) {
    public Model {
      servedNames = List.copyOf(servedNames);
      loraNames = List.copyOf(loraNames);
    }
  }

  /** Flags that must be equal on both sides of a transfer. */
  public record Compatibility(
      String vllmVersion,
      String dtype,
      String kvCacheDtype,
      String attentionBackend,
      boolean hybridCacheManager,
      String speculation) {}

  /**
   * The KV cache.
   *
   * @param blocks in the pool
   * @param blockSize tokens a block
   * @param prefixCaching blocks are found again
   * @param hashAlgorithm as asked for; reported only
   * @param hashSeed PYTHONHASHSEED or vLLM's default
   */
  public record Cache(
      int blocks, int blockSize, boolean prefixCaching, String hashAlgorithm, String hashSeed) {}

  /**
   * The NIXL side channel.
   *
   * @param host bound and advertised
   * @param port 0 for any free one
   * @param timeout how long another engine may take to answer
   */
  public record SideChannelAddress(String host, int port, Duration timeout) {}

  /**
   * Reads a vLLM command line ({@code [vllm] [serve] [MODEL] [flags]}) and environment.
   *
   * @throws UsageError for what vLLM would refuse, with the flag, the value and what is accepted
   */
  public static EngineConfig parse(List<String> args, Map<String, String> env) {
    return new Reader(CommandLine.parse(args), Environment.of(env)).config();
  }

  /** One pass over the flags, in the order of the record. */
  private record Reader(CommandLine flags, Environment env) {
    EngineConfig config() {
      Model model = model();
      Cache cache = cache();
      return new EngineConfig(
          serving(),
          model,
          time(),
          cache,
          flags.integer("--max-num-seqs", 128, 1, 1 << 20),
          flags.integer("--standin-max-waiting", DEFAULT_MAX_WAITING, 1, 1 << 24),
          transfer(),
          sideChannel(model),
          locality(),
          events(model),
          FaultPlan.parse(flags.text("--standin-fault")));
    }

    private Serving serving() {
      String host = flags.text("--host");
      List<String> keys = flags.list("--api-key");
      return new Serving(
          host != null ? host : env.listenHost(),
          flags.integer("--port", 8000, 0, 65_535),
          keys.isEmpty() ? env.apiKeys() : keys,
          flags.on("--enable-prompt-tokens-details", false),
          flags.on("--enable-request-id-headers", false),
          flags.on("--enable-server-load-tracking", false),
          flags.on("--enable-force-include-usage", false),
          env.developmentMode(),
          flags.integer("--standin-max-body-bytes", DEFAULT_MAX_BODY_BYTES, 1, Integer.MAX_VALUE),
          flags.integer("--stream-interval", 1, 1, 1 << 20),
          flags.integer("--standin-default-output-tokens", 128, 1, 1 << 20));
    }

    private Model model() {
      String given = flags.model();
      String path = given == null ? DEFAULT_MODEL : given;
      List<String> names = flags.list("--served-model-name");
      List<String> loras = flags.list("--lora-modules").stream().map(Reader::loraName).toList();
      if (!loras.isEmpty() && !flags.on("--enable-lora", false)) {
        throw new UsageError("argument --lora-modules: needs --enable-lora");
      }
      return new Model(
          path,
          names.isEmpty() ? List.of(path) : names,
          loras,
          flags.integer("--max-model-len", DEFAULT_MAX_MODEL_LEN, 1, 1 << 28),
          flags.integer("--tensor-parallel-size", 1, 1, 1024),
          flags.integer("--data-parallel-rank", 0, 0, 1023),
          compatibility());
    }

    private Compatibility compatibility() {
      String version = flags.text("--standin-vllm-version");
      ObjectNode speculative = flags.json("--speculative-config");
      return new Compatibility(
          version == null ? DEFAULT_VLLM_VERSION : version,
          orAuto("--dtype"),
          orAuto("--kv-cache-dtype"),
          orAuto("--attention-backend"),
          !flags.on("--disable-hybrid-kv-cache-manager", false),
          speculation(speculative));
    }

    /** EAGLE and MTP enter the hash by method and model; a plain draft model does not. */
    private static String speculation(@Nullable ObjectNode config) {
      if (config == null) {
        return "";
      }
      String method = config.path("method").asText("");
      return method.startsWith("eagle") || method.endsWith("mtp")
          ? method + ":" + config.path("model").asText("")
          : "";
    }

    private static String loraName(String module) {
      int equals = module.indexOf('=');
      if (equals < 1) {
        throw new UsageError("argument --lora-modules: '" + module + "', accepted: name=path");
      }
      return module.substring(0, equals);
    }

    private TimeModel time() {
      TimeModel otherwise = TimeModel.DEFAULT;
      try {
        return new TimeModel(
            flags.number("--standin-prefill-tokens-per-second", otherwise.prefillTokensPerSecond()),
            flags.number("--standin-prefill-overhead-seconds", otherwise.prefillOverheadSeconds()),
            flags.number("--standin-seconds-per-output-token", otherwise.secondsPerOutputToken()),
            flags.number("--standin-speed-up", otherwise.speedUp()));
      } catch (IllegalArgumentException e) {
        throw new UsageError("argument --standin-*: " + e.getMessage());
      }
    }

    private Cache cache() {
      int blockSize = flags.integer("--block-size", 16, 1, 1024);
      int sixteens = flags.integer("--standin-cache-blocks", DEFAULT_CACHE_BLOCKS, 1, 1 << 26);
      int blocks = (int) Math.max(1, (long) sixteens * 16 / blockSize);
      String algorithm = flags.text("--prefix-caching-hash-algo");
      if (algorithm != null
          && !List.of("sha256", "sha256_cbor", "xxhash", "xxhash_cbor").contains(algorithm)) {
        throw new UsageError(
            "argument --prefix-caching-hash-algo: invalid choice: '"
                + algorithm
                + "' (choose from sha256, sha256_cbor, xxhash, xxhash_cbor)");
      }
      return new Cache(
          flags.integer("--num-gpu-blocks-override", blocks, 1, 1 << 26),
          blockSize,
          flags.on("--enable-prefix-caching", true),
          algorithm == null ? "sha256" : algorithm,
          env.hashSeed() == null ? BlockHasher.DEFAULT_SEED : env.hashSeed());
    }

    private @Nullable KvTransferConfig transfer() {
      ObjectNode given = flags.json("--kv-transfer-config");
      return given == null ? null : KvTransferConfig.of(given);
    }

    private SideChannelAddress sideChannel(Model model) {
      double timeout = flags.number("--standin-side-channel-timeout-seconds", 5);
      if (!(timeout > 0 && timeout <= 3600)) {
        throw new UsageError(
            "argument --standin-side-channel-timeout-seconds: "
                + timeout
                + ", accepted: above 0 and at most 3600");
      }
      int base = env.sideChannelPort();
      return new SideChannelAddress(
          env.sideChannelHost(),
          base == 0 ? 0 : base + model.dataParallelRank(),
          Duration.ofMillis(Math.round(timeout * 1000)));
    }

    private Locality locality() {
      return new Locality(flags.text("--standin-locality"));
    }

    private @Nullable KvEventsConfig events(Model model) {
      ObjectNode given = flags.json("--kv-events-config");
      String encoding = flags.text("--standin-kv-event-encoding");
      EventEncoding form =
          switch (encoding == null ? "map" : encoding) {
            case "map" -> EventEncoding.MAP;
            case "array" -> EventEncoding.ARRAY;
            default ->
                throw new UsageError(
                    "argument --standin-kv-event-encoding: '"
                        + encoding
                        + "', accepted: map, array");
          };
      return given == null
          ? null
          : EventFlags.read(given, form, env.podIp(), model.dataParallelRank());
    }

    private String orAuto(String flag) {
      String given = flags.text(flag);
      return given == null ? "auto" : given;
    }
  }
}
