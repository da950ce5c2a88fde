package dev.tandem.cli.bench;

/** How the pods of a run come to be, and to be bound. */
interface PodArrival {

  /**
   * Returns when as many pods as told exist and are bound.
   *
   * @param engines whether they are engines that ask for injection, or nobody's business
   */
  void arrive(int pods, boolean engines);

  /** Takes away what would make them again. The pods themselves stay. */
  void end();
}
