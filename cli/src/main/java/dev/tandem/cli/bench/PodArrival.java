package dev.tandem.cli.bench;

import java.util.function.UnaryOperator;

/** How the pods of a run come to be, and to be bound. */
interface PodArrival {

  /**
   * Returns when as many pods as told exist and are bound.
   *
   * @param pod one of them in JSON, by its name
   */
  void arrive(int pods, UnaryOperator<String> pod);

  /** Takes away what would make them again. The pods themselves stay. */
  void end();
}
