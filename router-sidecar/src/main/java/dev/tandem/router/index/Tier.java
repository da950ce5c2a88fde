package dev.tandem.router.index;

/**
 * Where an engine keeps a block, with what a block there saves of its computation. The weights of
 * the slower tiers are those Dynamo's router credits host memory and disk with: loading a block
 * back costs time, but less than computing it.
 */
public enum Tier {
  /** On the accelerator. */
  GPU(1),
  /** In the host's memory. */
  CPU(0.75),
  /** On a disk or in a store beyond the host. */
  DISK(0.25);

  private final double weight;

  Tier(double weight) {
    this.weight = weight;
  }

  /** Share of a block's computation that is saved, 0 to 1. */
  public double weight() {
    return weight;
  }
}
