package dev.tandem.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.Keys;
import java.math.BigDecimal;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Pods nobody would write: any field missing, null, of a wrong type, huge, or odd; lists of a
 * hundred; text with control characters and halves of characters; JSON that only looks small.
 * Seeded.
 */
public final class RandomPods {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static final List<String> TEXTS =
      List.of(
          "",
          "a",
          "prefill",
          "decode",
          "both",
          "prefill=1,decode=1",
          "required:leaf",
          "nixl",
          "none",
          "8000",
          "8200",
          "-1",
          "99999999999999999999",
          "\u0000\u001b[31m",
          "\ud83d\ude80 unicode",
          "\ud83d half a character",
          "\ud83d\ude80".repeat(200),
          "\u202e\u200b\ufeff direction and nothing",
          "e\u0301".repeat(100),
          "line\nbreak\r\u0085\u2028",
          "{\"num_speculative_tokens\":1e999999999}",
          "{\"a\":".repeat(900) + "1" + "}".repeat(900),
          "{\"requests\":{\"cpu\":\"1e99999999\"},\"limits\":{\"memory\":\"999999999999Ei\"}}",
          "{\"a\":[",
          "[[[[[[[[",
          "x".repeat(5000),
          "$(POD_IP)",
          "~/~0~1",
          "true",
          "beside",
          "0.26.0",
          "lmcache",
          "8000,8001",
          "rdma/hca=1,ipc-lock",
          "--policy=PrefixHash --queue-entries=64",
          "[{\"inferencePool\":\"p\",\"number\":8007},{\"inferencePool\":\"q\",\"number\":8008}]",
          "{\"version\":1,\"undo\":[[\"\",[\"spec\",\"{1}\"]]]}",
          "[".repeat(2000) + "]".repeat(2000));

  /** Rare, for what they cost. */
  private static final List<String> HUGE =
      List.of(
          "x".repeat(1 << 18),
          "a,".repeat(1 << 16),
          "[".repeat(1 << 17),
          "{\"k\":[{},{},{}]},".repeat(1 << 13),
          "\\\"".repeat(1 << 16),
          "vllm serve " + "'".repeat(1 << 16),
          "prefill=1," + "decode=1,".repeat(1 << 14));

  private static final List<String> IMAGES =
      List.of("vllm/vllm-openai:v0.26.0", "vllm/vllm-openai:v0.10.2", "vllm/vllm-openai");

  private static final List<String> SCRIPTS =
      List.of(
          "vllm serve facebook/opt-125m --port 9000",
          "set -e; exec vllm serve facebook/opt-125m --port=9000 -tp 2\n",
          "pip install x && vllm serve m \\\n  --max-model-len \"4096\" ",
          "vllm serve $MODEL | tee log",
          "while true; do vllm serve m; done",
          "vllm serve 'unclosed");

  private static final List<String> WORDS =
      List.of(
          "vllm",
          "serve",
          "facebook/opt-125m",
          "--port",
          "--port=9000",
          "8000",
          "--model",
          "--served-model-name",
          "--kv-transfer-config",
          "--kv_events_config={}",
          "--headless",
          "-tp",
          "2",
          "--data-parallel-size",
          "--ec-transfer-config={}",
          "--shutdown-timeout",
          "--uds",
          "",
          "=",
          "--");

  private final RandomGenerator random;

  public RandomPods(RandomGenerator random) {
    this.random = random;
  }

  public ObjectNode next() {
    ObjectNode pod = JSON.objectNode();
    ObjectNode metadata = pod.putObject("metadata");
    if (chance(90)) {
      metadata.putObject("labels").put(Keys.INJECT, chance(95) ? "true" : text());
    }
    if (chance(80)) {
      ObjectNode annotations = metadata.putObject("annotations");
      for (String key :
          List.of(
              Keys.ROLE,
              Keys.GROUP,
              Keys.GROUP_SIZE,
              Keys.MODEL,
              Keys.POOL,
              Keys.TOPOLOGY,
              Keys.KV_CONNECTOR,
              Keys.SPECULATIVE,
              Keys.KV_BYTES_PER_TOKEN,
              Keys.PORT,
              Keys.ENGINE_PORT,
              Keys.ROUTER,
              Keys.CONTAINER,
              Keys.SIDECAR_RESOURCES,
              Keys.KEEP,
              Keys.PORT_MODE,
              Keys.PORT_OFFSET,
              Keys.RDMA,
              Keys.NATIVE_SIDECAR,
              Keys.KV_STORAGE_PATH,
              Keys.VLLM_VERSION,
              Keys.ROUTER_OPTIONS,
              Keys.LLMD_ROLE,
              Keys.ACTIVE_PORTS,
              Keys.PORT_DISCOVERY,
              Keys.INJECTED,
              Keys.LOCALITY,
              Keys.PREFIX + "unknown",
              Keys.PREFIX + "rolle",
              Keys.PREFIX + "\u001b[2J\ud83d",
              Keys.PREFIX + "k".repeat(300),
              "other/key")) {
        if (chance(2)) {
          annotations.set(key, chance(90) ? JSON.textNode(text()) : anything(2));
        }
      }
    }
    for (String field :
        List.of("ownerReferences", "finalizers", "name", "generateName", "labels")) {
      if (chance(2)) {
        metadata.set(field, anything(2));
      }
    }
    ObjectNode spec = pod.putObject("spec");
    containers(spec.putArray("containers"), 1 + random.nextInt(chance(95) ? 3 : 100));
    if (chance(30)) {
      containers(spec.putArray("initContainers"), random.nextInt(3));
    }
    for (String field :
        List.of(
            "schedulerName",
            "volumes",
            "hostNetwork",
            "nodeSelector",
            "affinity",
            "restartPolicy",
            "terminationGracePeriodSeconds",
            "enableServiceLinks",
            "serviceAccountName",
            "securityContext",
            "overhead",
            "aFieldOfLaterVersions")) {
      if (chance(10)) {
        spec.set(field, chance(50) ? JSON.nullNode() : anything(2));
      }
    }
    if (chance(5)) {
      spec.put("hostNetwork", true);
    }
    if (chance(2)) {
      pod.set(chance(50) ? "spec" : "metadata", anything(3));
    }
    return pod;
  }

  private void containers(ArrayNode containers, int count) {
    for (int i = 0; i < count; i++) {
      if (chance(1)) {
        containers.add(anything(2));
        continue;
      }
      ObjectNode container = containers.addObject();
      container.put("name", chance(95) ? "c" + i : text());
      container.put("image", i == 0 && chance(90) ? IMAGES.get(random.nextInt(3)) : "other:" + i);
      if (chance(10)) {
        container.putArray("command").add("/bin/sh").add("-c");
        container.putArray("args").add(SCRIPTS.get(random.nextInt(SCRIPTS.size())));
      }
      for (String list : List.of("command", "args")) {
        if (container.has("args")) {
          break;
        }
        if (chance(50)) {
          ArrayNode words = container.putArray(list);
          if (list.equals("args") && chance(70)) {
            words.add("--model").add("facebook/opt-125m");
          }
          for (int w = random.nextInt(6); w > 0; w--) {
            words.add(WORDS.get(random.nextInt(WORDS.size())));
          }
        }
      }
      if (chance(40)) {
        ObjectNode port = container.putArray("ports").addObject();
        port.put("containerPort", List.of(8000, 8200, 8201, 9000).get(random.nextInt(4)));
        if (chance(50)) {
          port.put("name", chance(50) ? "http" : "engine");
        }
      }
      if (chance(30)) {
        container
            .putObject("readinessProbe")
            .putObject("httpGet")
            .set("port", chance(50) ? JSON.textNode("http") : JSON.numberNode(8000));
      }
      if (chance(20)) {
        container.putArray("env").addObject().put("name", "POD_IP").put("value", "10.0.0.1");
      }
      for (String field :
          List.of(
              "env",
              "ports",
              "lifecycle",
              "resources",
              "securityContext",
              "volumeMounts",
              "unknownField")) {
        if (chance(4)) {
          container.set(field, anything(3));
        }
      }
    }
  }

  private JsonNode anything(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(random.nextBoolean());
      case 2 -> JSON.numberNode(random.nextLong());
      case 3 ->
          chance(80)
              ? JSON.numberNode(BigDecimal.valueOf(random.nextDouble()))
              : JSON.numberNode(new BigDecimal(chance(50) ? "1e999999999" : "-1e-999999999"));
      case 4 -> JSON.textNode(text());
      case 5 -> {
        ArrayNode array = JSON.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(anything(depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = JSON.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set("k/~" + i, anything(depth - 1));
        }
        yield object;
      }
    };
  }

  private String text() {
    if (random.nextInt(400) == 0) {
      return HUGE.get(random.nextInt(HUGE.size()));
    }
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
