package dev.tandem.router.choose;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Fleets for tests, some of them random. */
final class Fleets {

  private Fleets() {}

  static Links links() {
    return new Links(TransferCost.defaults(), ModelFacts.of("llama-3-70b"), 1, 1);
  }

  static LocalityPath path(String text) {
    if (LocalityPath.parse(text) instanceof LocalityPath.Valid valid) {
      return valid.path();
    }
    throw new IllegalArgumentException(text);
  }

  static List<Candidate> named(Role role, String... names) {
    List<Candidate> engines = new ArrayList<>();
    for (String name : names) {
      engines.add(Candidate.idle(name, role, "g", "llama"));
    }
    return engines;
  }

  /** Who serves, as {@code prefill>decode} or one name. */
  static String names(Choice choice) {
    return switch (choice) {
      case Choice.Pair pair -> pair.prefill().name() + ">" + pair.decode().name();
      case Choice.Alone alone -> alone.engine().name();
      case Choice.Saturated saturated -> "saturated " + saturated.reasons();
      case Choice.None none -> "none " + none.reasons();
    };
  }

  /** Engines of all roles, in several groups and places, with random load, cache and speed. */
  static List<Candidate> random(Random random) {
    List<Candidate> engines = new ArrayList<>();
    int size = random.nextInt(12);
    for (int i = 0; i < size; i++) {
      Role role = Role.values()[random.nextInt(Role.values().length)];
      String group = random.nextInt(8) == 0 ? null : "g" + random.nextInt(2);
      engines.add(
          Candidate.idle("e" + i, role, group, random.nextInt(9) == 0 ? "qwen" : "llama")
              .withCompatibility(random.nextInt(4) == 0 ? "v" + random.nextInt(2) : null)
              .withLocality(random.nextInt(6) == 0 ? null : place(random))
              .withState(
                  random.nextInt(9) == 0
                      ? Candidate.State.values()[random.nextInt(3)]
                      : Candidate.State.READY)
              .withLoad(load(random))
              .withSpeed(new EngineSpeed(4000 + random.nextInt(9000), 0.01, 0.02))
              .withCachedTokens(random.nextInt(3) == 0 ? random.nextInt(9000) : 0)
              .withSilentSeconds(random.nextInt(9) == 0 ? random.nextDouble() : 0));
    }
    return engines;
  }

  private static EngineLoad load(Random random) {
    int pending = random.nextInt(4);
    return new EngineLoad(
        pending * (long) random.nextInt(9000),
        pending,
        random.nextInt(20) == 0 ? 1100 : random.nextInt(200));
  }

  static LocalityPath place(Random random) {
    return path(
        "zone=z%d@3/tcp,spine=s%d@25/rdma,leaf=l%d@50/rdma,nvlink=n%d@450/mnnvl"
            .formatted(random.nextInt(2), random.nextInt(2), random.nextInt(3), random.nextInt(4)));
  }
}
