package dev.tandem.standin;

import dev.tandem.standin.flags.UsageError;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables vLLM reads, checked as vLLM checks them. Immutable.
 *
 * @param podIp POD_IP: not vLLM's, but what the injected arguments refer to. A loopback address
 *     means a local run where every pod has an address of its own on one network: then it is the
 *     default address to listen on, as a network namespace would have it.
 * @param sideChannelHost VLLM_NIXL_SIDE_CHANNEL_HOST, localhost
 * @param sideChannelPort VLLM_NIXL_SIDE_CHANNEL_PORT, 5600
 * @param hashSeed PYTHONHASHSEED, null when unset
 * @param developmentMode VLLM_SERVER_DEV_MODE is 1
 * @param apiKeys VLLM_API_KEY
 */
record Environment(
    @Nullable String podIp,
    String sideChannelHost,
    int sideChannelPort,
    @Nullable String hashSeed,
    boolean developmentMode,
    List<String> apiKeys) {

  static Environment of(Map<String, String> env) {
    checkPort(env.get("VLLM_PORT"));
    if (env.getOrDefault("VLLM_KV_EVENTS_USE_INT_BLOCK_HASHES", "1").equals("0")) {
      throw new UsageError(
          "VLLM_KV_EVENTS_USE_INT_BLOCK_HASHES is 0: the stand-in publishes 64-bit hashes only,"
              + " accepted: 1");
    }
    String seed = env.get("PYTHONHASHSEED");
    String key = env.get("VLLM_API_KEY");
    return new Environment(
        blankToNull(env.get("POD_IP")),
        env.getOrDefault("VLLM_NIXL_SIDE_CHANNEL_HOST", "localhost"),
        number("VLLM_NIXL_SIDE_CHANNEL_PORT", env.get("VLLM_NIXL_SIDE_CHANNEL_PORT"), 5600),
        seed == null || seed.isEmpty() || seed.equals("random") ? null : seed,
        env.getOrDefault("VLLM_SERVER_DEV_MODE", "0").equals("1"),
        key == null || key.isEmpty() ? List.of() : List.of(key));
  }

  /** The address vLLM listens on without {@code --host}. */
  String listenHost() {
    return podIp != null && podIp.startsWith("127.") ? podIp : "0.0.0.0";
  }

  /** A Service named vllm makes the kubelet set VLLM_PORT to a URL, and vLLM give up. */
  private static void checkPort(@Nullable String port) {
    if (port != null && port.contains("://")) {
      throw new UsageError(
          "VLLM_PORT '"
              + port
              + "' appears to be a URI. This may be caused by a Kubernetes service"
              + " discovery issue, check the warning in: https://docs.vllm.ai/en/stable/serving/"
              + "env_vars.html");
    }
    number("VLLM_PORT", port, 0);
  }

  private static int number(String name, @Nullable String value, int otherwise) {
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= 0 && number <= 65_535) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new UsageError(name + " '" + value + "' must be a valid integer");
    }
    throw new UsageError(name + " is " + value + ", accepted: 0 to 65535");
  }

  private static @Nullable String blankToNull(@Nullable String value) {
    return value == null || value.isBlank() ? null : value;
  }
}
