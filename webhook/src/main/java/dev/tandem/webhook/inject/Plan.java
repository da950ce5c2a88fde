package dev.tandem.webhook.inject;

import dev.tandem.webhook.annotations.RouterMode;
import dev.tandem.webhook.annotations.Wishes;
import java.util.List;

/**
 * Everything the rules need to know, decided before the first of them runs. Immutable.
 *
 * @param wishes what the annotations ask for
 * @param engineName name of the vLLM container
 * @param model served model name
 * @param pool pods one router may send to
 * @param tensorParallel GPUs the engine spreads a layer over
 * @param kvBytesPerToken bytes a token over the whole model
 * @param ports who listens where
 * @param warnings for the person who applies the pod
 */
record Plan(
    Wishes wishes,
    String engineName,
    String model,
    String pool,
    int tensorParallel,
    long kvBytesPerToken,
    PortMap ports,
    List<String> warnings) {

  Plan {
    warnings = List.copyOf(warnings);
  }

  boolean withRouter() {
    return wishes.router() == RouterMode.SIDECAR;
  }
}
