package dev.tandem.router;

import dev.tandem.api.Ports;
import dev.tandem.api.Role;
import dev.tandem.router.request.SessionKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The flags of the router, and how they and the environment become a configuration. */
final class RouterFlags {

  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Read everything from this YAML file; no other flag is taken then.")
  @Nullable Path config;

  @Option(names = "--port", description = "Public port; 0 for any free one. Default 8000.")
  int port = Ports.SERVING;

  @Option(names = "--peer-port", description = "Port for other routers. Default 8201.")
  int peerPort = Ports.PEER;

  @Option(names = "--engine-port", description = "Own engine's port; 0 for none. Default 8200.")
  int enginePort = Ports.ENGINE;

  @Option(names = "--engine-host", description = "Own engine's address; default: loopback.")
  @Nullable String engineHost;

  @Option(names = "--listen-host", description = "Address to bind; default: all.")
  @Nullable String listenHost;

  @Option(names = "--role", description = "prefill, decode or both (default).")
  String role = Role.BOTH.label();

  @Option(names = "--group", description = "Group the own engine exchanges KV cache in.")
  @Nullable String group;

  @Option(names = "--pool", description = "Pool whose pods are peers; default: the group.")
  @Nullable String pool;

  @Option(names = "--model", description = "Served model name.")
  String model = "";

  @Option(names = "--kv-bytes-per-token", description = "KV cache bytes a token; 0: the model's.")
  long kvBytesPerToken;

  @Option(names = "--tensor-parallel", description = "Tensor-parallel size of the engines.")
  int tensorParallel = 1;

  @Option(names = "--locality-file", paramLabel = "FILE", description = "Own locality path.")
  @Nullable Path localityFile;

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Find peers through it.")
  @Nullable Path kubeconfig;

  @Option(
      names = "--trusted-peer",
      paramLabel = "IP",
      description = "Address outside the pool that may use the peer port. Repeatable.")
  List<String> trustedPeers = new ArrayList<>();

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = {
        "How to choose engines; default tandem.",
        "tandem: " + Policy.Summary.TANDEM,
        "gpu-load-aware: " + Policy.Summary.GPU_LOAD_AWARE,
        "PrefixHash: " + Policy.Summary.PREFIX_HASH,
        "RoundRobin or round-robin: " + Policy.Summary.ROUND_ROBIN,
        "LeastRequests: " + Policy.Summary.LEAST_REQUESTS,
        "Session: " + Policy.Summary.SESSION,
        "gie_p3_q2_k2: " + Policy.Summary.GIE_P3_Q2_K2
      })
  String policy = Policy.TANDEM.label();

  @Option(
      names = "--split-tokens",
      description = "Shorter prompts stay on one engine. Default 0: the prediction decides.")
  long splitTokens;

  @Option(
      names = "--split-uncached-tokens",
      description =
          "Prompts of which decode lacks fewer tokens stay there. Default 0: the prediction decides.")
  long splitUncachedTokens;

  @Option(
      names = "--uncached-weight",
      paramLabel = "adaptive|NUMBER",
      description = {
        "A of policy tandem: how many times prompt tokens count that have to be computed.",
        "adaptive (default): once, and more the less the caches can keep and the more wait.",
        "A number from 1: that everywhere; 1 looks at the request's own first token only."
      })
  String uncachedWeight = Routing.ADAPTIVE;

  @Option(
      names = "--session-header",
      description = "Header that names a session. Default x-session-id.")
  String sessionHeader = SessionKey.DEFAULT.header();

  @Option(
      names = "--session-cookie",
      description = "Cookie that names a session. Default session_id.")
  String sessionCookie = SessionKey.DEFAULT.cookie();

  @Option(
      names = "--objective",
      paramLabel = "NAME=PRIORITY",
      description = "Priority of an inference objective; below 0 never waits. Repeatable.")
  Map<String, Integer> objectives = new LinkedHashMap<>();

  @Option(
      names = "--trusted-picker",
      paramLabel = "CIDR",
      description = "Who may send a choice made elsewhere, or token ids. Repeatable; default none.")
  List<String> trustedPickers = new ArrayList<>();

  @Option(
      names = "--queue-entries",
      description =
          "Requests that may wait while all engines are full. Default 0: refused at once.")
  int queueEntries = Routing.Queue.NONE.entries();

  @Option(names = "--queue-bytes", description = "Bytes of their bodies together. Default 64 MiB.")
  long queueBytes = Routing.Queue.NONE.bytes();

  @Option(names = "--queue-seconds", description = "How long one may wait. Default 30.")
  double queueSeconds = Routing.Queue.NONE.longest().toSeconds();

  @Option(names = "--decisions-kept", description = "Decisions GET /explain tells of. Default 128.")
  int decisionsKept = Routing.DEFAULT.decisionsKept();

  @Option(
      names = "--index",
      description = "What is believed of caches: auto (default), approximate or exact.")
  String index = IndexConfig.DEFAULT.source().label();

  @Option(names = "--events-port", description = "Where KV events are heard. Default 5557.")
  int eventsPort = IndexConfig.DEFAULT.eventsPort();

  @Option(names = "--replay-port", description = "Where they are replayed. Default 5558.")
  int replayPort = IndexConfig.DEFAULT.replayPort();

  @Option(
      names = "--tokenize",
      paramLabel = "auto|never",
      description = {
        "Whether the engine's /tokenize is asked for the token ids of prompts that come as text.",
        "auto (default): while an engine tells of its cache, which it does in token ids.",
        "never: such prompts are known by their text."
      })
  String tokenize = IndexConfig.DEFAULT.tokenize().label();

  @Option(
      names = "--tokenize-millis",
      description = "How long that may hold a request up; then its text has to do. Default 100.")
  long tokenizeMillis = IndexConfig.DEFAULT.tokenizeWithin().toMillis();

  @Option(names = "--speed-up", description = "How many times faster than life the engines run.")
  double speedUp = 1;

  @Option(names = "--max-body-bytes", description = "Largest request body. Default 32 MiB.")
  int maxBodyBytes = Limits.DEFAULT.maxBodyBytes();

  @Option(names = "--index-blocks", description = "64-token blocks remembered an engine.")
  int indexBlocks = Limits.DEFAULT.indexBlocks();

  @Option(names = "--max-in-flight", description = "Requests at which an engine is full.")
  int mostInFlight = Limits.DEFAULT.mostInFlight();

  static RouterConfig parse(List<String> args, Map<String, String> env) {
    RouterFlags flags = new RouterFlags();
    List<String> own =
        !args.isEmpty() && args.getFirst().equals("router") ? args.subList(1, args.size()) : args;
    try {
      new CommandLine(flags).parseArgs(own.toArray(String[]::new));
    } catch (CommandLine.ParameterException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return flags.config(env);
  }

  /** The configuration these flags and this environment mean. */
  RouterConfig config(Map<String, String> env) {
    if (config != null) {
      return ConfigFile.read(config);
    }
    Role ownRole = Role.parse(role);
    if (ownRole == null) {
      throw new IllegalArgumentException("--role '" + role + "'; accepted: " + Role.accepted());
    }
    String podIp = env.getOrDefault("POD_IP", "");
    // A pod's loopback address means a local run in which many pods share one network namespace:
    // then every pod keeps to its own address. In a real pod all addresses are its own, and
    // port-forwarding needs the loopback one.
    String bind = listenHost != null ? listenHost : podIp.startsWith("127.") ? podIp : "0.0.0.0";
    String engine = engineHost != null ? engineHost : wildcard(bind) ? "127.0.0.1" : bind;
    Limits defaults = Limits.DEFAULT;
    return new RouterConfig(
        env.getOrDefault("POD_NAME", "router"),
        env.getOrDefault("POD_NAMESPACE", "default"),
        bind,
        !podIp.isEmpty() ? podIp : wildcard(bind) ? "127.0.0.1" : bind,
        port,
        peerPort,
        engine,
        enginePort,
        ownRole,
        group,
        pool != null ? pool : group != null ? group : model,
        model,
        kvBytesPerToken,
        tensorParallel,
        localityFile,
        trustedPeers,
        routing(),
        new IndexConfig(
            IndexConfig.Source.of(index),
            eventsPort,
            replayPort,
            IndexConfig.Tokenize.of(tokenize),
            Duration.ofMillis(tokenizeMillis)),
        speedUp,
        discovery(env),
        new Limits(
            maxBodyBytes,
            defaults.connect(),
            defaults.firstByte(),
            defaults.answer(),
            defaults.idle(),
            defaults.pullGrace(),
            defaults.retries(),
            defaults.retryBudget(),
            indexBlocks,
            mostInFlight),
        RequestObserver.NONE);
  }

  static boolean wildcard(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  private Routing routing() {
    return new Routing(
        Policy.of(policy),
        splitTokens,
        splitUncachedTokens,
        Routing.uncachedWeight(uncachedWeight),
        new SessionKey(sessionHeader, sessionCookie),
        objectives,
        trustedPickers.stream().map(AddressRange::new).toList(),
        new Routing.Queue(queueEntries, queueBytes, Duration.ofNanos((long) (queueSeconds * 1e9))),
        decisionsKept);
  }

  private Discovery discovery(Map<String, String> env) {
    if (kubeconfig != null) {
      return new Discovery.Kubeconfig(kubeconfig);
    }
    String host = env.get("KUBERNETES_SERVICE_HOST");
    if (host == null) {
      return new Discovery.Unavailable(
          "not in a cluster (KUBERNETES_SERVICE_HOST is unset) and no --kubeconfig given");
    }
    String text = env.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    try {
      return new Discovery.InCluster(host, Integer.parseInt(text), ACCOUNT);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "KUBERNETES_SERVICE_PORT '" + text + "'; accepted: a port number", e);
    }
  }
}
