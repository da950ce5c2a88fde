package dev.tandem.extender.record;

import dev.tandem.extender.decide.Decision;
import dev.tandem.topology.placement.Choice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a filter call was answered, in the form in which two answers are compared. Immutable.
 *
 * @param places best first; empty if the pod was refused
 * @param reason of the best place, or of the refusal
 */
public record Answer(List<Place> places, String reason) {
  /** Predictions nearer to each other than this, relatively, are equal: sums in another order. */
  private static final double EQUAL = 1e-9;

  public Answer {
    places = List.copyOf(places);
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
      case Decision.PassedThrough passed -> new Answer(List.of(), "passed through");
      case Decision.Indifferent indifferent -> new Answer(List.of(), indifferent.reason());
      case Decision.Refused refused -> new Answer(List.of(), refused.reason());
      case Decision.Chosen chosen ->
          new Answer(
              chosen.choices().stream().map(Answer::place).toList(),
              chosen.choices().getFirst().reason());
    };
  }

  private static Place place(Choice choice) {
    return new Place(choice.node(), choice.seconds(), choice.nearness(), choice.comfortable());
  }

  /** The node the pod was sent to, or null if it was refused. */
  public @Nullable Place best() {
    return places.isEmpty() ? null : places.getFirst();
  }

  /** Whether the scheduler would notice no difference. */
  boolean sameAs(Answer other) {
    if (places.size() != other.places.size()) {
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
