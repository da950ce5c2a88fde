package dev.tandem.webhook.annotations;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Level;
import dev.tandem.api.Ports;
import dev.tandem.api.Role;
import java.util.Set;
import java.util.stream.Collectors;
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
 * @param connector how KV cache travels
 * @param storagePath directory of the shared-storage connector; null where there is none
 * @param router whether a router is put in front
 * @param routerOptions flags for it, over the installation's
 * @param portMode who moves when it is
 * @param nativeSidecar whether the router is a native sidecar; null: as the installation says
 * @param container name of the vLLM container; null: found by its looks
 * @param vllmVersion as stated; null: from the image
 * @param port port of the router; null: where vLLM listened
 * @param statedEnginePort port vLLM moves to; null: the default
 * @param portOffset added to all default ports but the clients'
 * @param kvBytesPerToken bytes a token over the whole model; null: from the model's facts
 * @param speculative for {@code --speculative-config}; null: none
 * @param rdma devices and rights for RDMA
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
    Connector connector,
    @Nullable String storagePath,
    RouterMode router,
    RouterOptions routerOptions,
    PortMode portMode,
    @Nullable Boolean nativeSidecar,
    @Nullable String container,
    @Nullable VllmVersion vllmVersion,
    @Nullable Integer port,
    @Nullable Integer statedEnginePort,
    int portOffset,
    @Nullable Long kvBytesPerToken,
    @Nullable Speculation speculative,
    RdmaWish rdma,
    Set<String> keep,
    SidecarResources resources) {

  /**
   * What {@code keep} can protect: fields whose API default we would replace, and things we would
   * add that a pod may do without.
   */
  public static final Set<String> KEEPABLE =
      Set.of(
          "schedulerName",
          "enableServiceLinks",
          "terminationGracePeriodSeconds",
          "startupProbe",
          "preStop",
          "shm");

  public Wishes {
    keep = Set.copyOf(keep);
  }

  /** Port vLLM moves to. */
  public int enginePort() {
    return statedEnginePort != null ? statedEnginePort : Ports.ENGINE + portOffset;
  }

  /** The fields {@code keep} accepts, for a person. */
  static String keepable() {
    return KEEPABLE.stream().sorted().collect(Collectors.joining(", "));
  }

  /** Whether engines hand KV cache to each other: prefill and decode pods do. */
  public boolean splitsPrefillFromDecode() {
    return role == Role.PREFILL || role == Role.DECODE;
  }
}
