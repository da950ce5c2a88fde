package dev.tandem.standin.flags;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The flags of {@code vllm serve} that the stand-in accepts, by kind, from vLLM's
 * entrypoints/openai/cli_args.py, engine/arg_utils.py and config classes. Most change nothing here;
 * they are parsed and checked so that a command line that works there works here and one that fails
 * there fails here. Flags that begin with {@code --standin-} are ours.
 */
final class VllmFlags {
  private static final Map<String, Kind> KINDS = kinds();

  /** Short forms vLLM knows. */
  private static final Map<String, String> SHORT =
      Map.ofEntries(
          Map.entry("-tp", "--tensor-parallel-size"),
          Map.entry("-pp", "--pipeline-parallel-size"),
          Map.entry("-dp", "--data-parallel-size"),
          Map.entry("-dpl", "--data-parallel-size-local"),
          Map.entry("-dpn", "--data-parallel-rank"),
          Map.entry("-dpr", "--data-parallel-start-rank"),
          Map.entry("-dpa", "--data-parallel-address"),
          Map.entry("-dpp", "--data-parallel-rpc-port"),
          Map.entry("-dpb", "--data-parallel-backend"),
          Map.entry("-pcp", "--prefill-context-parallel-size"),
          Map.entry("-dcp", "--decode-context-parallel-size"),
          Map.entry("-ep", "--enable-expert-parallel"),
          Map.entry("-asc", "--api-server-count"),
          Map.entry("-n", "--nnodes"),
          Map.entry("-r", "--node-rank"),
          Map.entry("-q", "--quantization"),
          Map.entry("-sc", "--speculative-config"),
          Map.entry("-ac", "--attention-config"),
          Map.entry("-cc", "--compilation-config"),
          Map.entry("-O", "--optimization-level"));

  /** Whole numbers where vLLM takes 8k, 1M, 2Ki and {@code auto}. */
  private static final Set<String> HUMAN =
      Set.of("--max-model-len", "--max-num-batched-tokens", "--kv-cache-memory-bytes");

  private VllmFlags() {}

  /** The long name of a flag as typed (underscores count as dashes), without its value. */
  static String canonical(String typed) {
    String known = SHORT.get(typed);
    return known != null ? known : typed.startsWith("--") ? typed.replace('_', '-') : typed;
  }

  static boolean known(String name) {
    return KINDS.containsKey(name);
  }

  static Kind kind(String name) {
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new IllegalArgumentException("unknown flag " + name);
    }
    return kind;
  }

  static boolean human(String name) {
    return HUMAN.contains(name);
  }

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new HashMap<>();
    add(
        kinds,
        Kind.TEXT,
        """
        --host --uds --uvicorn-log-level --chat-template --chat-template-content-format
        --response-role --ssl-keyfile --ssl-certfile --ssl-ca-certs --ssl-ciphers --root-path
        --tool-call-parser --tool-parser-plugin --tool-server --log-config-file --config
        --reasoning-parser --reasoning-parser-plugin --structured-outputs-backend
        --model --runner --convert --tokenizer --tokenizer-mode --dtype --hf-config-path
        --allowed-local-media-path --revision --code-revision --tokenizer-revision --quantization
        --logprobs-mode --config-format --hf-token --logits-processor-pattern --generation-config
        --model-impl --override-attention-dtype --io-processor-plugin --load-format --download-dir
        --safetensors-load-strategy --pt-load-map-location --attention-backend
        --distributed-executor-backend --master-addr --data-parallel-address
        --data-parallel-backend --all2all-backend --expert-placement-strategy --worker-cls
        --worker-extension-cls --kv-cache-dtype --prefix-caching-hash-algo --kv-offloading-backend
        --mamba-cache-dtype --mamba-ssm-cache-dtype --mamba-cache-mode --mm-processor-cache-type
        --mm-encoder-tp-mode --mm-encoder-attn-backend --lora-dtype --scheduling-policy
        --scheduler-cls --show-hidden-metrics-for-version --otlp-traces-endpoint --spec-method
        --spec-model --performance-mode
        --standin-locality --standin-fault --standin-kv-event-encoding --standin-vllm-version
        """);
    add(
        kinds,
        Kind.INTEGER,
        """
        --port --grpc-port --api-server-count --tensor-parallel-size --pipeline-parallel-size
        --prefill-context-parallel-size --decode-context-parallel-size --data-parallel-size
        --data-parallel-size-local --data-parallel-rank --data-parallel-start-rank
        --data-parallel-rpc-port --data-parallel-supervisor-port --master-port --nnodes --node-rank
        --block-size --prefix-match-unit --kv-cache-memory-bytes --num-gpu-blocks-override
        --max-model-len --max-num-batched-tokens --max-num-seqs --max-num-partial-prefills
        --max-long-partial-prefills --long-prefill-token-threshold --max-logprobs --seed --max-loras
        --max-lora-rank --max-cpu-loras --shutdown-timeout --stream-interval --max-log-len
        --h11-max-incomplete-event-size --h11-max-header-count --max-parallel-loading-workers
        --dcp-kv-cache-interleave-size --cp-kv-cache-interleave-size --dbo-decode-token-threshold
        --dbo-prefill-token-threshold --mamba-block-size --ssl-cert-reqs --spec-tokens
        --optimization-level --num-redundant-experts
        --standin-cache-blocks --standin-max-waiting --standin-max-body-bytes
        --standin-default-output-tokens
        """);
    add(
        kinds,
        Kind.NUMBER,
        """
        --gpu-memory-utilization --swap-space --cpu-offload-gb --kv-offloading-size
        --mm-processor-cache-gb --video-pruning-rate --kv-cache-metrics-sample
        --standin-speed-up --standin-prefill-tokens-per-second --standin-prefill-overhead-seconds
        --standin-seconds-per-output-token --standin-side-channel-timeout-seconds
        """);
    add(
        kinds,
        Kind.SWITCH,
        """
        --headless --enable-expert-parallel --data-parallel-hybrid-lb --data-parallel-external-lb
        --data-parallel-multi-port-external-lb --enable-prefix-caching --enable-sleep-mode
        --enable-cumem-allocator --enable-request-id-headers --enable-server-load-tracking
        --enable-prompt-tokens-details --enable-force-include-usage --enable-lora
        --fully-sharded-loras --enable-chunked-prefill --enforce-eager --trust-remote-code
        --disable-sliding-window --disable-cascade-attn --skip-tokenizer-init
        --enable-prompt-embeds --use-tqdm-on-load --enable-dbo --enable-eplb
        --disable-nccl-for-dp-synchronization --ray-workers-use-nsight --disable-custom-all-reduce
        --calculate-kv-scales --kv-sharing-fast-prefill --disable-hybrid-kv-cache-manager
        --async-scheduling --disable-chunked-mm-input --interleave-mm-strings --skip-mm-profiling
        --mm-encoder-only --disable-mm-preprocessor-cache --disable-log-stats --kv-cache-metrics
        --enable-mfu-metrics --cudagraph-metrics --enable-log-requests --enable-log-outputs
        --enable-log-deltas --disable-uvicorn-access-log --disable-fastapi-docs
        --disable-frontend-multiprocessing --allow-credentials --enable-ssl-refresh
        --return-tokens-as-token-ids --enable-auto-tool-choice
        --exclude-tools-when-tool-choice-none --trust-request-chat-template
        --enable-tokenizer-info-endpoint --log-error-stack --tokens-only --enable-offline-docs
        --enable-return-routed-experts --enable-layerwise-nvtx-tracing
        """);
    add(
        kinds,
        Kind.JSON,
        """
        --kv-transfer-config --kv-events-config --speculative-config --ec-transfer-config
        --compilation-config --attention-config --structured-outputs-config --eplb-config
        --hf-overrides --pooler-config --override-generation-config --model-loader-extra-config
        --limit-mm-per-prompt --media-io-kwargs --mm-processor-kwargs --default-mm-loras
        --additional-config --default-chat-template-kwargs --kernel-config --profiler-config
        """);
    add(
        kinds,
        Kind.LIST,
        """
        --served-model-name --api-key --allowed-origins --allowed-methods --allowed-headers
        --lora-modules --middleware --ignore-patterns --logits-processors --allowed-media-domains
        --collect-detailed-traces
        """);
    return Map.copyOf(kinds);
  }

  private static void add(Map<String, Kind> kinds, Kind kind, String names) {
    for (String name : names.strip().split("\\s+", -1)) {
      if (kinds.put(name, kind) != null) {
        throw new IllegalStateException("flag " + name + " is listed twice");
      }
    }
  }
}
