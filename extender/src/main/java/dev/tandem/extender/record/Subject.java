package dev.tandem.extender.record;

import dev.tandem.extender.decide.Expected;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a segment begins with beside nodes and pods.
 *
 * @param configurationNow what the decider goes by now; the same object while nothing changes
 * @param expectedNow the pods it expects somewhere now
 */
public record Subject(
    Supplier<Configuration> configurationNow, Supplier<List<Expected>> expectedNow) {
  Configuration configuration() {
    return configurationNow.get();
  }

  List<Expected> expected() {
    return expectedNow.get();
  }
}
