package dev.tandem.standin.metrics;

/** The histogram bounds of vLLM (vllm/v1/metrics/loggers.py and nixl/stats.py). */
final class Buckets {
  static final double[] FIRST_TOKEN = {
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40,
    80, 160, 640, 2560
  };
  static final double[] BETWEEN_TOKENS = {
    0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80
  };
  static final double[] REQUEST = {
    0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680
  };
  static final double[] TRANSFER = {
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 5
  };
  static final double[] POST = {
    0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 5
  };
  static final double[] BYTES = powersOfTwo(11, 33);
  static final double[] DESCRIPTORS = {
    10, 20, 30, 50, 75, 100, 200, 400, 1000, 2000, 4000, 10000, 20000, 50000
  };

  private Buckets() {}

  /** Every second power from 2^first to 2^last: 2 KiB to 8 GiB as vLLM has it. */
  private static double[] powersOfTwo(int first, int last) {
    double[] bounds = new double[(last - first) / 2 + 1];
    for (int i = 0; i < bounds.length; i++) {
      bounds[i] = Math.scalb(1.0, first + 2 * i);
    }
    return bounds;
  }
}
