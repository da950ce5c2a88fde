package dev.tandem.extender.decide;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.topology.facts.BlockName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a pod asks of placement off its annotations.
 *
 * <p>The webhook refuses bad values; a pod that went past it is placed as well as can be, with the
 * bad value ignored and named in the reason.
 */
public final class Annotations {
  private static final String REQUIRED = "required:";

  private final Map<String, String> annotations;
  private final List<String> problems = new ArrayList<>();

  private Annotations(Map<String, String> annotations) {
    this.annotations = annotations;
  }

  /** What the pod asks for, or null if it carries nothing of ours. */
  public static PodFacts.@Nullable Ask read(
      Map<String, String> annotations, Map<String, String> labels) {
    boolean ours =
        annotations.containsKey(Keys.ROLE)
            || annotations.containsKey(Keys.GROUP)
            || labels.containsKey(Keys.ROLE)
            || "true".equals(labels.get(Keys.INJECT));
    return ours ? new Annotations(annotations).ask() : null;
  }

  private PodFacts.Ask ask() {
    Role role = role();
    String group = annotations.get(Keys.GROUP);
    if (group != null && group.isBlank()) {
      group = null;
    }
    if (group == null && role != Role.BOTH) {
      problems.add(Keys.GROUP + " is missing: a " + role.label() + " pod is placed alone");
    }
    GroupSize size = groupSize();
    long kvBytes = kvBytesPerToken();
    Level required = required();
    return new PodFacts.Ask(
        role,
        group,
        size,
        annotations.get(Keys.MODEL),
        kvBytes,
        required,
        problems.isEmpty() ? null : String.join("; ", problems));
  }

  private Role role() {
    String value = annotations.get(Keys.ROLE);
    if (value == null) {
      return Role.BOTH;
    }
    Role role = Role.parse(value);
    if (role == null) {
      problems.add(
          Keys.ROLE + "=" + BlockName.shown(value) + " ignored; accepted: " + Role.accepted());
      return Role.BOTH;
    }
    return role;
  }

  private @Nullable GroupSize groupSize() {
    String value = annotations.get(Keys.GROUP_SIZE);
    if (value == null) {
      return null;
    }
    return switch (GroupSize.parse(value)) {
      case GroupSize.Valid(GroupSize size) -> size;
      case GroupSize.Invalid(String reason) -> {
        problems.add(Keys.GROUP_SIZE + " ignored: " + reason);
        yield null;
      }
    };
  }

  private long kvBytesPerToken() {
    String value = annotations.get(Keys.KV_BYTES_PER_TOKEN);
    if (value == null) {
      return 0;
    }
    try {
      long bytes = Long.parseLong(value.strip());
      if (bytes > 0 && bytes <= ModelFacts.MOST_BYTES_PER_TOKEN) {
        return bytes;
      }
    } catch (NumberFormatException e) {
      // told below, with the numbers out of range
    }
    problems.add(
        Keys.KV_BYTES_PER_TOKEN
            + "="
            + BlockName.shown(value)
            + " ignored; accepted: 1 to "
            + ModelFacts.MOST_BYTES_PER_TOKEN);
    return 0;
  }

  private @Nullable Level required() {
    String value = annotations.get(Keys.TOPOLOGY);
    if (value == null || value.equals("preferred")) {
      return null;
    }
    Level level =
        value.startsWith(REQUIRED) ? Level.parse(value.substring(REQUIRED.length())) : null;
    if (level == null) {
      problems.add(
          Keys.TOPOLOGY
              + "="
              + BlockName.shown(value)
              + " ignored; accepted: preferred, required:<level> with a level of "
              + Arrays.stream(Level.values()).map(Level::label).toList());
    }
    return level;
  }
}
