package dev.tandem.api;

/**
 * The keys Tandem reads and writes on Kubernetes objects. One place, so that the prefix (the API
 * group of the custom resources) can be changed in one place.
 */
public final class Keys {

  /** Prefix of every key of ours, with the slash. */
  public static final String PREFIX = "production-stack.vllm.ai/";

  /** Label on pods and namespaces: {@code "true"} opts in, {@code "false"} out; the pod wins. */
  public static final String INJECT = PREFIX + "inject";

  /** Annotation, and label written by us: one of {@link Role}. */
  public static final String ROLE = PREFIX + "role";

  /** Annotation, and label written by us: pods of one namespace that exchange KV cache. */
  public static final String GROUP = PREFIX + "group";

  /** Annotation: how many pods of each role the whole group has, see {@link GroupSize}. */
  public static final String GROUP_SIZE = PREFIX + "group-size";

  /** Annotation: served model name. */
  public static final String MODEL = PREFIX + "model";

  /** Annotation, and label written by us: the pods one router may send a request to. */
  public static final String POOL = PREFIX + "pool";

  /** Annotation: {@code preferred} or {@code required:<level>}. */
  public static final String TOPOLOGY = PREFIX + "topology";

  /** Annotation: how KV cache travels; {@code nixl} by default. */
  public static final String KV_CONNECTOR = PREFIX + "kv-connector";

  /** Annotation: JSON for {@code --speculative-config}. */
  public static final String SPECULATIVE = PREFIX + "speculative";

  /** Annotation: KV cache bytes a token of the whole model, over {@link ModelFacts}. */
  public static final String KV_BYTES_PER_TOKEN = PREFIX + "kv-bytes-per-token";

  /** Annotation: the port clients use; the sidecar takes it. */
  public static final String PORT = PREFIX + "port";

  /** Annotation: the port vLLM moves to. */
  public static final String ENGINE_PORT = PREFIX + "engine-port";

  /** Annotation: {@code sidecar} or {@code none}. */
  public static final String ROUTER = PREFIX + "router";

  /** Annotation: flags of the router, as on its command line. */
  public static final String ROUTER_OPTIONS = PREFIX + "router-options";

  /** Annotation: name of the vLLM container where it cannot be told. */
  public static final String CONTAINER = PREFIX + "container";

  /** Annotation: vLLM version where the image tag does not say. */
  public static final String VLLM_VERSION = PREFIX + "vllm-version";

  /** Annotation: resources of the sidecar, as JSON of a container's {@code resources}. */
  public static final String SIDECAR_RESOURCES = PREFIX + "sidecar-resources";

  /** Annotation: comma list of pod fields that must not be touched. */
  public static final String KEEP = PREFIX + "keep";

  /** Annotation written by us: what was injected, as JSON. */
  public static final String INJECTED = PREFIX + "injected";

  /** Annotation written by us when the pod is bound: its {@link LocalityPath}. */
  public static final String LOCALITY = PREFIX + "locality";

  /** Annotation read and written: JSON list of the pod's serving ports. */
  public static final String PORT_DISCOVERY = "inference.networking.x-k8s.io/port-discovery";

  /** Annotation: {@code takeover} or {@code beside}. */
  public static final String PORT_MODE = PREFIX + "port-mode";

  /** Annotation: added to the default ports of engine, router and side channel. */
  public static final String PORT_OFFSET = PREFIX + "port-offset";

  /** Annotation: RDMA resources and the right to lock memory, where the pod asks for them. */
  public static final String RDMA = PREFIX + "rdma";

  /** Annotation: {@code "true"} or {@code "false"}, over the installation's setting. */
  public static final String NATIVE_SIDECAR = PREFIX + "native-sidecar";

  /** Annotation: directory of the {@code shared-storage} connector. */
  public static final String KV_STORAGE_PATH = PREFIX + "kv-storage-path";

  /** Label written by us: only engines of equal value can exchange KV cache. */
  public static final String COMPATIBILITY = PREFIX + "compatibility";

  /** Label or annotation of llm-d, read where {@link #ROLE} is absent. */
  public static final String LLMD_ROLE = "llm-d.ai/role";

  /** Annotation read: comma list of the ports engines listen on. */
  public static final String ACTIVE_PORTS = "llm-d.ai/active-ports";

  /** The older key of {@link #ACTIVE_PORTS}. */
  public static final String LEGACY_ACTIVE_PORTS = "inference.networking.k8s.io/active-ports";

  private Keys() {}
}
