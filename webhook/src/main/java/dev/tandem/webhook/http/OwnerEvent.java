package dev.tandem.webhook.http;

/**
 * What became of a pod, for its owner.
 *
 * @param namespace of the owner
 * @param apiVersion of the owner
 * @param ownerKind of the owner, e.g. {@code ReplicaSet}
 * @param name of the owner
 * @param uid of the owner
 * @param kind what became of the pod
 * @param message for a person, at most 1,024 characters (the API server refuses longer ones)
 */
public record OwnerEvent(
    String namespace,
    String apiVersion,
    String ownerKind,
    String name,
    String uid,
    Kind kind,
    String message) {

  /** Reason and type of an Event. */
  public enum Kind {
    INJECTED("Injected", "Normal"),
    SKIPPED("InjectionSkipped", "Normal"),
    REFUSED("InjectionRefused", "Warning");

    private final String reason;
    private final String type;

    Kind(String reason, String type) {
      this.reason = reason;
      this.type = type;
    }

    /** As in {@code kubectl get events}. */
    public String reason() {
      return reason;
    }

    /** {@code Normal} or {@code Warning}. */
    public String type() {
      return type;
    }
  }

  static final int MOST_CHARACTERS = 1_024;

  public OwnerEvent {
    if (message.codePointCount(0, message.length()) > MOST_CHARACTERS) {
      message = message.substring(0, message.offsetByCodePoints(0, MOST_CHARACTERS - 3)) + "...";
    }
  }
}
