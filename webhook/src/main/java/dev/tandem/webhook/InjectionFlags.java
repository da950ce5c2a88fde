package dev.tandem.webhook;

import dev.tandem.webhook.annotations.RouterOptions;
import dev.tandem.webhook.annotations.VllmVersion;
import dev.tandem.webhook.inject.InjectionConfig;
import dev.tandem.webhook.inject.SidecarKind;
import dev.tandem.webhook.inject.SidecarUser;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags about what is injected: the same for a webhook and for files. */
public final class InjectionFlags {

  @Option(
      names = "--router-image",
      paramLabel = "IMAGE",
      description = "Image of the router sidecar (default: tandem/router-sidecar:dev).")
  private String routerImage = InjectionConfig.DEFAULT.routerImage();

  @Option(
      names = "--scheduler-name",
      paramLabel = "NAME",
      description = "Scheduler that injected pods are given to (default: tandem).")
  private String schedulerName = InjectionConfig.DEFAULT.schedulerName();

  @Option(
      names = "--sidecar",
      paramLabel = "KIND",
      description = {
        "How the router runs: NATIVE (default), or REGULAR, the last container, for clusters with",
        "nodes older than 1.29; a pod's annotation native-sidecar wins."
      })
  private SidecarKind sidecar = SidecarKind.NATIVE;

  @Option(
      names = "--sidecar-user",
      paramLabel = "UID",
      description = {
        "User the router runs as, or none: the cluster or the image decides, as OpenShift wants",
        "it (default: 65532)."
      })
  private String sidecarUser = "65532";

  @Option(
      names = "--assume-vllm",
      paramLabel = "VERSION",
      description = "vLLM's version where neither image nor annotation tells it (default: none).")
  private @Nullable String assumedVllm;

  @Option(
      names = "--router-option",
      paramLabel = "FLAG",
      description = {
        "A flag for the routers, e.g. --router-option=--policy=PrefixHash. Repeatable; where a pod's",
        "annotation router-options sets the same flag, it wins (default: none)."
      })
  private List<String> routerOptions = new ArrayList<>();

  /**
   * What they amount to.
   *
   * @throws IllegalArgumentException where a value is none of those accepted, which it names
   */
  public InjectionConfig config() {
    InjectionConfig config =
        new InjectionConfig(routerImage, schedulerName, InjectionConfig.DEFAULT.version())
            .with(sidecar)
            .with(SidecarUser.parse(sidecarUser))
            .with(new RouterOptions(routerOptions));
    return assumedVllm == null ? config : config.assuming(VllmVersion.of(assumedVllm));
  }
}
