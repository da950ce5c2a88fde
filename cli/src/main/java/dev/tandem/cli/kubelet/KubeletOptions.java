package dev.tandem.cli.kubelet;

import dev.tandem.router.RequestObserver;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet stand-in adds to the containers it starts. Immutable.
 *
 * @param speedUp how many modelled seconds pass in one real second; 1 is life
 * @param engineArguments appended to every engine's arguments
 * @param routerArguments appended to every router's arguments
 * @param observers told what the router of a pod does; null for a pod means nobody listens
 */
public record KubeletOptions(
    double speedUp,
    List<String> engineArguments,
    List<String> routerArguments,
    Function<Pod, @Nullable RequestObserver> observers) {

  public KubeletOptions {
    if (!(speedUp > 0 && speedUp <= 1000)) {
      throw new IllegalArgumentException(
          "speed-up " + speedUp + ": accepted is above 0 and at most 1000");
    }
    engineArguments = List.copyOf(engineArguments);
    routerArguments = List.copyOf(routerArguments);
  }

  /** Everything at the pace of life, nothing added. */
  public static KubeletOptions defaults() {
    return atSpeed(1);
  }

  /** Everything {@code speedUp} times as fast as life, nothing added. */
  public static KubeletOptions atSpeed(double speedUp) {
    return new KubeletOptions(speedUp, List.of(), List.of(), pod -> null);
  }
}
