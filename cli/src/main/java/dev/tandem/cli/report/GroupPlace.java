package dev.tandem.cli.report;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Role;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A group of prefill and decode pods as a whole.
 *
 * @param pods how many run
 * @param complete whether every role has as many as the group was declared with
 * @param sameNvlinkDomain whether one NVLink domain holds them all
 * @param meanTransferMillis predicted time to move the mean prompt of the run, mean over its pairs;
 *     null where no pair is known
 */
public record GroupPlace(
    String name,
    int pods,
    boolean complete,
    boolean sameNvlinkDomain,
    @Nullable Double meanTransferMillis) {

  /**
   * @param declared the size the group's annotation names
   * @param members the group's running pods
   */
  public static GroupPlace of(
      String name, GroupSize declared, List<PodPlace> members, long promptTokens) {
    boolean complete =
        declared.pods().entrySet().stream()
            .allMatch(e -> count(members, e.getKey()) >= e.getValue());
    String domain = members.isEmpty() ? null : members.getFirst().nvlinkDomain();
    boolean same =
        domain != null && members.stream().allMatch(pod -> domain.equals(pod.nvlinkDomain()));
    OptionalDouble mean =
        members.stream()
            .filter(pod -> pod.role() == Role.PREFILL)
            .map(pod -> pod.meanTransferMillis(members, promptTokens))
            .filter(Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .average();
    return new GroupPlace(
        name, members.size(), complete, same, mean.isPresent() ? mean.getAsDouble() : null);
  }

  private static long count(List<PodPlace> members, Role role) {
    return members.stream().filter(pod -> pod.role() == role).count();
  }
}
