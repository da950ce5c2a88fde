package dev.tandem.webhook.annotations;

import dev.tandem.api.Keys;
import dev.tandem.api.Role;

/**
 * Every key a person may write on a pod: what is read, what is warned about and the reference page
 * all come from here.
 */
public enum Annotation {
  ROLE(
      Keys.ROLE,
      Role.accepted(),
      "`both`; else the label or annotation `llm-d.ai/role`",
      "what the pod does in its group"),
  GROUP(
      Keys.GROUP,
      "a label value: 1 to 63 letters, digits, `-`, `_`, `.`",
      "none; required for every role but `both`",
      "pods of one namespace with the same value exchange KV cache"),
  GROUP_SIZE(
      Keys.GROUP_SIZE,
      "e.g. `prefill=2,decode=2`",
      "planned from the pods seen",
      "the whole group is planned from its first pod on; pods not created yet have their places kept"
          + " until 60 s after the newest (the extender's `--announcement-seconds`)"),
  MODEL(
      Keys.MODEL,
      "a served model name: 1 to 253 letters, digits and `. _ : / @ + -`",
      "read from the vLLM arguments",
      "the name clients use"),
  POOL(
      Keys.POOL,
      "a label value",
      "the group, else a label-safe form of the model",
      "pods one router may choose from"),
  TOPOLOGY(
      Keys.TOPOLOGY,
      "`preferred`, or `required:` and one of zone, core, spine, leaf, nvlink, node",
      "`preferred`",
      "whether a group may be spread wider than a level"),
  KV_CONNECTOR(
      Keys.KV_CONNECTOR,
      Connector.accepted(),
      "`nixl`",
      "how KV cache travels. `nixl-push` and `mooncake` need `router: none`: the router does not"
          + " speak their protocols"),
  KV_STORAGE_PATH(
      Keys.KV_STORAGE_PATH,
      "an absolute path below a volume mount of the vLLM container",
      "none; required for `kv-connector: shared-storage`",
      "where the shared-storage connector keeps KV cache"),
  SPECULATIVE(
      Keys.SPECULATIVE,
      "a JSON object for `--speculative-config`, at most 8192 characters, keys and types checked",
      "none",
      "speculative decoding, the draft in the same pod as the target"),
  KV_BYTES_PER_TOKEN(
      Keys.KV_BYTES_PER_TOKEN,
      "1 to 67108864",
      "from a table of models",
      "KV cache bytes a token over the whole model"),
  PORT(
      Keys.PORT,
      "1 to 65535",
      "where vLLM listened (beside: 8100)",
      "the port of the router; without one, vLLM's where its command line does not tell"),
  ENGINE_PORT(
      Keys.ENGINE_PORT,
      "1 to 65535",
      "8200 plus `port-offset`",
      "the port vLLM moves to in mode `takeover`"),
  PORT_MODE(
      Keys.PORT_MODE,
      "`takeover`, `beside`",
      "`takeover`",
      "takeover: the router takes vLLM's port and its name, vLLM moves. beside: vLLM stays, the"
          + " router listens on a port of its own"),
  PORT_OFFSET(
      Keys.PORT_OFFSET,
      "0 to 20000",
      "0",
      "added to the default ports 8200, 8201, 5557, 5558 and 5600: a block of its own for pods that"
          + " share a node's network"),
  ROUTER(Keys.ROUTER, "`sidecar`, `none`", "`sidecar`", "whether a router is put in front"),
  ROUTER_OPTIONS(
      Keys.ROUTER_OPTIONS,
      "[flags of the router](#what-router-options-takes) separated by white space, at most %d characters"
          .formatted(RouterOptions.MOST_CHARACTERS),
      "as the installation says (`--router-option`), else the router's defaults",
      "[how the router chooses, queues and knows of caches](routing.md#in-a-cluster), e.g."
          + " `--policy=PrefixHash --queue-entries=64`"),
  NATIVE_SIDECAR(
      Keys.NATIVE_SIDECAR,
      "`true`, `false`",
      "as the installation says (`true`)",
      "false: the router is a regular container, the last one, for nodes older than 1.29"),
  CONTAINER(
      Keys.CONTAINER,
      "a container's name",
      "found by command, image, name and GPU",
      "the container that runs vLLM, where it cannot be told"),
  VLLM_VERSION(
      Keys.VLLM_VERSION,
      "a version such as `0.26.0`",
      "from the image tag of `vllm-openai` images",
      "decides which flags and keys are injected: vLLM exits on one it does not know"),
  SIDECAR_RESOURCES(
      Keys.SIDECAR_RESOURCES,
      "a container's `resources` as JSON, with `requests` and `limits` of cpu, memory and"
          + " ephemeral-storage",
      "100m to 1 CPU, 128 to 256 Mi",
      "resources of the router"),
  RDMA(
      Keys.RDMA,
      "comma list of `ipc-lock` and `<resource>=<count>`, e.g. `rdma/hca=1,ipc-lock`",
      "none",
      "asks for RDMA devices and for the capability to lock memory, which baseline Pod Security"
          + " forbids"),
  KEEP(
      Keys.KEEP,
      "comma list of " + Wishes.keepable(),
      "none",
      "pod fields that are meant as they are, also where they equal the API's default");

  private final String key;
  private final String accepted;
  private final String otherwise;
  private final String meaning;

  Annotation(String key, String accepted, String otherwise, String meaning) {
    this.key = key;
    this.accepted = accepted;
    this.otherwise = otherwise;
    this.meaning = meaning;
  }

  /** The whole key. */
  public String key() {
    return key;
  }

  /** What is accepted, in Markdown. */
  public String accepted() {
    return accepted;
  }

  /** What holds where the key is absent, in Markdown. */
  public String otherwise() {
    return otherwise;
  }

  /** What it does, in Markdown. */
  public String meaning() {
    return meaning;
  }
}
