package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decision;
import dev.tandem.topology.placement.Choice;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a filter call was answered, in the form in which two answers are compared. Immutable.
 *
 * @param outcome what became of the pod
 * @param places best first; empty unless it was sent somewhere
 * @param left the nodes left to the scheduler; empty unless it may choose
 * @param reason of the best place, or of the outcome
 */
public record Answer(Outcome outcome, List<Place> places, Set<String> left, String reason) {
  /** Predictions nearer to each other than this, relatively, are equal: sums in another order. */
  private static final double EQUAL = 1e-9;

  public Answer {
    places = List.copyOf(places);
    left = Set.copyOf(left);
  }

  /** What became of a pod. */
  public enum Outcome {
    /** It was sent to the best place. */
    CHOSEN("chosen"),
    /** Every place is as good, and the scheduler chooses. */
    INDIFFERENT("left to the scheduler"),
    /** No node would do. */
    REFUSED("refused");

    private final String label;

    Outcome(String label) {
      this.label = label;
    }

    /** The words in JSON and tables. */
    public String label() {
      return label;
    }
  }

  /**
   * One node of the answer.
   *
   * @param node its name
   * @param seconds predicted transfer of the group's reference prompt
   * @param nearness 0 for the best and those as good, larger for worse
   * @param comfortable whether nobody loses a place another group waits for
   */
  public record Place(String node, double seconds, int nearness, boolean comfortable) {

    boolean sameAs(Place other) {
      return node.equals(other.node)
          && nearness == other.nearness
          && comfortable == other.comfortable
          && equal(seconds, other.seconds);
    }

    /** Below 0 if this place is better, 0 if they are as good as each other. */
    int compareTo(Place other) {
      if (comfortable != other.comfortable) {
        return comfortable ? -1 : 1;
      }
      return equal(seconds, other.seconds) ? 0 : Double.compare(seconds, other.seconds);
    }
  }

  static Answer of(Decision decision) {
    return switch (decision) {
      case Decision.PassedThrough passed -> left(Set.of(), "passed through");
      case Decision.Indifferent indifferent ->
          left(Set.copyOf(indifferent.nodes()), indifferent.reason());
      case Decision.Refused refused ->
          new Answer(Outcome.REFUSED, List.of(), Set.of(), refused.reason());
      case Decision.Chosen chosen ->
          new Answer(
              Outcome.CHOSEN,
              chosen.choices().stream().map(Answer::place).toList(),
              Set.of(),
              chosen.choices().getFirst().reason());
    };
  }

  private static Answer left(Set<String> nodes, String reason) {
    return new Answer(Outcome.INDIFFERENT, List.of(), nodes, reason);
  }

  private static Place place(Choice choice) {
    return new Place(choice.node(), choice.seconds(), choice.nearness(), choice.comfortable());
  }

  /** The place the pod was sent to, or null if it was sent nowhere. */
  public @Nullable Place best() {
    return places.isEmpty() ? null : places.getFirst();
  }

  /** Whether the scheduler would notice no difference. */
  boolean sameAs(Answer other) {
    if (outcome != other.outcome
        || places.size() != other.places.size()
        || !left.equals(other.left)) {
      return false;
    }
    for (int i = 0; i < places.size(); i++) {
      if (!places.get(i).sameAs(other.places.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equal(double a, double b) {
    return Math.abs(a - b) <= EQUAL * Math.max(Math.abs(a), Math.abs(b));
  }
}
