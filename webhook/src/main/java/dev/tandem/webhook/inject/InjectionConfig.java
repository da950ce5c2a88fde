package dev.tandem.webhook.inject;

/**
 * What an installation decides for all its pods.
 *
 * @param routerImage image of the router sidecar
 * @param schedulerName scheduler that knows the interconnect
 * @param version our version, written into the {@code injected} marker
 */
public record InjectionConfig(String routerImage, String schedulerName, String version) {

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
}
