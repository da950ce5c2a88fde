package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.RouterOptions;
import dev.tandem.webhook.annotations.VllmVersion;
import org.jspecify.annotations.Nullable;

/**
 * What an installation decides for all its pods.
 *
 * @param routerImage image of the router sidecar
 * @param schedulerName scheduler that knows the interconnect
 * @param version our version, written into the {@code injected} marker
 * @param sidecar how the router runs where a pod does not say
 * @param sidecarUser user the router runs as
 * @param assumedVllm version of vLLM where neither image nor annotation tells, e.g. because images
 *     are named by digest; null: none, and what depends on it is left out or refused
 * @param routerOptions flags for the routers of pods that do not set them
 */
public record InjectionConfig(
    String routerImage,
    String schedulerName,
    String version,
    SidecarKind sidecar,
    SidecarUser sidecarUser,
    @Nullable VllmVersion assumedVllm,
    RouterOptions routerOptions) {

  /** What runs where nothing is configured. */
  public static final InjectionConfig DEFAULT =
      new InjectionConfig("tandem/router-sidecar:dev", "tandem", "0.1.0");

  public InjectionConfig {
    if (routerImage.isBlank()) {
      throw new IllegalArgumentException(
          "router image: \"\": a reference such as tandem/router-sidecar:dev");
    }
    if (!schedulerName.matches("[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?")) {
      throw new IllegalArgumentException(
          "scheduler name: \"" + schedulerName + "\": a DNS name such as tandem");
    }
  }

  /** Native sidecars with the default user, no version assumed and the router's defaults. */
  public InjectionConfig(String routerImage, String schedulerName, String version) {
    this(
        routerImage,
        schedulerName,
        version,
        SidecarKind.NATIVE,
        SidecarUser.DEFAULT,
        null,
        RouterOptions.NONE);
  }

  /** The same with another kind of sidecar. */
  public InjectionConfig with(SidecarKind kind) {
    return new InjectionConfig(
        routerImage, schedulerName, version, kind, sidecarUser, assumedVllm, routerOptions);
  }

  /** The same with another user. */
  public InjectionConfig with(SidecarUser user) {
    return new InjectionConfig(
        routerImage, schedulerName, version, sidecar, user, assumedVllm, routerOptions);
  }

  /** The same with other flags for the router. */
  public InjectionConfig with(RouterOptions options) {
    return new InjectionConfig(
        routerImage, schedulerName, version, sidecar, sidecarUser, assumedVllm, options);
  }

  /** The same with a version of vLLM for images that do not tell theirs. */
  public InjectionConfig assuming(VllmVersion vllm) {
    return new InjectionConfig(
        routerImage, schedulerName, version, sidecar, sidecarUser, vllm, routerOptions);
  }
}
