package dev.tandem.webhook.annotations;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Level;
import dev.tandem.api.Ports;
import dev.tandem.api.Role;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's annotations ask for, typed and with the defaults filled in.
 *
 * @param role what the pod does in its group
 * @param group pods that exchange KV cache; null only where the role is {@code both}
 * @param groupSize the whole group, where stated
 * @param model served model name; null: read from the vLLM arguments
 * @param pool pods one router may send to; null: the group, or the model
 * @param requiredLevel level the group must share; null: preferred, by cost
 * @param router whether a router is put in front
 * @param container name of the vLLM container; null: found by its looks
 * @param port port of the router; null: where vLLM listened
 * @param enginePort port vLLM moves to
 * @param kvBytesPerToken bytes a token over the whole model; null: from the model's facts
 * @param speculative JSON for {@code --speculative-config}; null: none
 * @param keep pod fields that stay as they are
 * @param resources of the router's container
 */
public record Wishes(
    Role role,
    @Nullable String group,
    @Nullable GroupSize groupSize,
    @Nullable String model,
    @Nullable String pool,
    @Nullable Level requiredLevel,
    RouterMode router,
    @Nullable String container,
    @Nullable Integer port,
    int enginePort,
    @Nullable Long kvBytesPerToken,
    @Nullable String speculative,
    Set<String> keep,
    SidecarResources resources) {

  /** The pod fields {@code keep} can protect: those whose API default we would replace. */
  public static final Set<String> KEEPABLE = Set.of("schedulerName", "enableServiceLinks");

  /** Where vLLM moves when nothing is said. */
  static final int DEFAULT_ENGINE_PORT = Ports.ENGINE;

  public Wishes {
    keep = Set.copyOf(keep);
  }

  /** Whether engines hand KV cache to each other: prefill and decode pods do. */
  public boolean splitsPrefillFromDecode() {
    return role == Role.PREFILL || role == Role.DECODE;
  }
}
