package dev.tandem.cli.controlplane;

/** A webhook refused an object, or could not be asked and says that this must fail. */
final class AdmissionDenied extends Exception {

  private static final long serialVersionUID = 1;

  AdmissionDenied(String webhook, String message) {
    super("admission webhook \"" + webhook + "\" denied the request: " + message);
  }
}
