package dev.tandem.cli.up;

/** The local run cannot go on, for a reason its user can read and act on. */
final class UpFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String nextStep;

  /**
   * @param nextStep what the user can do or look at
   */
  UpFailure(String message, String nextStep) {
    super(message);
    this.nextStep = nextStep;
  }

  String nextStep() {
    return nextStep;
  }
}
