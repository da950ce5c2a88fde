package dev.tandem.cli.report;

/**
 * What a local run found.
 *
 * @param tandem placed and routed by us
 * @param baseline the same requests on the same cluster with default placement and round-robin
 *     routing
 * @param setting how the numbers came about
 */
public record UpReport(RunReport tandem, RunReport baseline, Setting setting) {

  /**
   * How the numbers came about.
   *
   * @param traffic the trace file, or words for the generator
   * @param speedUp modelled seconds in a real one
   * @param meanPromptTokens the prompt the predicted transfers are for
   * @param cluster the nodes in words
   * @param controlPlane {@code embedded} or {@code real}
   */
  public record Setting(
      String traffic,
      long seed,
      double speedUp,
      long meanPromptTokens,
      String cluster,
      String controlPlane) {}
}
