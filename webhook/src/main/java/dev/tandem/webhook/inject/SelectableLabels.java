package dev.tandem.webhook.inject;

import dev.tandem.api.Keys;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Copies group, role and pool to labels, because only labels can be selected on. The annotations
 * decide: a label that says otherwise is replaced, with a warning.
 */
final class SelectableLabels implements Rule {

  @Override
  public String name() {
    return "selectable-labels";
  }

  @Override
  public String condition() {
    return "labels absent or other than the annotations";
  }

  @Override
  public String reason() {
    return "only labels can be selected on";
  }

  @Override
  public void apply(Draft draft) {
    Map<String, String> labels = new LinkedHashMap<>();
    String group = draft.plan().wishes().group();
    if (group != null) {
      labels.put(Keys.GROUP, group);
    }
    labels.put(Keys.ROLE, draft.plan().wishes().role().label());
    labels.put(Keys.POOL, draft.plan().pool());
    labels.forEach((key, value) -> {
      String present = draft.labels().path(key).asText("");
      if (!present.equals(value)) {
        if (!present.isEmpty()) {
          draft.warn("label %s: %s replaced by %s".formatted(key, present, value));
        }
        draft.labels().put(key, value);
        draft.did(this, key + ": " + value);
      }
    });
  }
}
