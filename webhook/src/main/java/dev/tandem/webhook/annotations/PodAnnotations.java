package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tandem.api.GroupSize;
import dev.tandem.api.Keys;
import dev.tandem.api.Level;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the annotations of our prefix off one pod, collecting every problem. One instance a pod,
 * one thread.
 */
public final class PodAnnotations {

  /** Served names reach flags and ZMQ topics: no blanks, no control characters, no quotes. */
  private static final Pattern MODEL_NAME = Pattern.compile("[A-Za-z0-9._:/@+-]{1,253}");

  /** No {@code ..}: what is below a mount stays there. */
  private static final Pattern STORAGE_PATH =
      Pattern.compile("(?!.*\\.\\.)/[A-Za-z0-9._/-]{1,255}");

  /** Characters of JSON a speculative-config may have: the real ones have a few hundred. */
  private static final int SPECULATIVE_CHARACTERS = 8192;

  private static final int MOST_OFFSET = 20_000;

  private final Values values;
  private final JsonNode annotations;
  private final JsonNode labels;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private PodAnnotations(JsonNode metadata) {
    this.annotations = metadata.path("annotations");
    this.labels = metadata.path("labels");
    this.values = new Values(annotations, problems);
  }

  /** Reads {@code metadata.annotations} of a pod tree; anything missing is a default. */
  public static Reading read(JsonNode pod) {
    return new PodAnnotations(pod.path("metadata")).read();
  }

  /** Whether the pod has any annotation of ours that a person writes. */
  public static boolean present(JsonNode pod) {
    return pod.path("metadata").path("annotations").properties().stream()
        .map(Map.Entry::getKey)
        .anyMatch(key ->
            key.startsWith(Keys.PREFIX)
                && !key.equals(Keys.INJECTED)
                && !key.equals(Keys.LOCALITY));
  }

  private Reading read() {
    warnings.addAll(UnknownKeys.warnings(annotations, labels));
    Role role = role();
    Connector connector = connector(role);
    Long offset = values.number(Keys.PORT_OFFSET, 0, MOST_OFFSET);
    Wishes wishes =
        new Wishes(
            role,
            group(role),
            groupSize(role),
            values.text(
                Keys.MODEL,
                MODEL_NAME,
                "is a served model name of 1 to 253 letters, digits and . _ : / @ + -"),
            values.labelValue(Keys.POOL),
            requiredLevel(),
            connector,
            storagePath(connector),
            values.parsed(
                Keys.ROUTER, RouterMode::parse, RouterMode.SIDECAR, "accepted are sidecar, none"),
            routerOptions(),
            values.parsed(
                Keys.PORT_MODE,
                PortMode::parse,
                PortMode.TAKEOVER,
                "accepted are takeover, beside"),
            nativeSidecar(),
            values.text(Keys.CONTAINER),
            version(),
            values.port(Keys.PORT),
            values.port(Keys.ENGINE_PORT),
            offset == null ? 0 : offset.intValue(),
            values.number(Keys.KV_BYTES_PER_TOKEN, 1, ModelFacts.MOST_BYTES_PER_TOKEN),
            speculative(),
            values.parsed(
                Keys.RDMA,
                RdmaWish::parse,
                RdmaWish.NONE,
                "accepted is a comma list of ipc-lock and <domain>/<resource>=<count>, e.g."
                    + " rdma/hca=1,ipc-lock"),
            keep(),
            resources());
    return new Reading(wishes, problems, warnings);
  }

  private Role role() {
    String key = values.has(Keys.ROLE) ? Keys.ROLE : Keys.LLMD_ROLE;
    String value = values.text(key);
    if (value == null && labels.path(Keys.LLMD_ROLE).isTextual()) {
      value = labels.path(Keys.LLMD_ROLE).textValue();
    }
    if (value == null) {
      return Role.BOTH;
    }
    Role role = Role.parse(value);
    if (role != null) {
      return role;
    }
    if (key.equals(Keys.LLMD_ROLE)) {
      // not our key: llm-d has roles we do not know, such as those of encoders
      warnings.add("%s: role %s is not ours; taken as both".formatted(key, Shown.brief(value, 30)));
    } else {
      values.problem(Keys.ROLE, value, "accepted are " + Role.accepted());
    }
    return Role.BOTH;
  }

  private @Nullable String group(Role role) {
    if (role.needsGroup() && !values.has(Keys.GROUP)) {
      values.problem(
          Keys.GROUP,
          "",
          "role %s needs a group: the pods it exchanges KV cache with carry the same value; %s"
              .formatted(role.label(), Values.LABEL_VALUE_FORM));
    }
    return values.labelValue(Keys.GROUP);
  }

  private @Nullable GroupSize groupSize(Role role) {
    String value = values.text(Keys.GROUP_SIZE);
    if (value == null) {
      return null;
    }
    String example = "accepted is e.g. prefill=2,decode=2";
    return switch (GroupSize.parse(value)) {
      case GroupSize.Invalid(String reason) -> {
        values.problem(Keys.GROUP_SIZE, value, reason + "; " + example);
        yield null;
      }
      case GroupSize.Valid(GroupSize size) -> {
        if (size.of(role) == 0) {
          String missing = "counts no pod of this pod's own role %s; ".formatted(role.label());
          values.problem(Keys.GROUP_SIZE, value, missing + example);
        }
        yield size;
      }
    };
  }

  private @Nullable Level requiredLevel() {
    String value = values.text(Keys.TOPOLOGY);
    if (value == null || value.equals("preferred")) {
      return null;
    }
    Level level =
        value.startsWith("required:") ? Level.parse(value.substring("required:".length())) : null;
    if (level == null) {
      String levels =
          Arrays.stream(Level.values()).map(Level::label).collect(Collectors.joining(", "));
      values.problem(
          Keys.TOPOLOGY,
          value,
          "accepted are preferred and required:<level> with a level of " + levels);
    }
    return level;
  }

  private Connector connector(Role role) {
    Connector connector =
        values.parsed(
            Keys.KV_CONNECTOR,
            Connector::parse,
            Connector.NIXL,
            "accepted are " + Connector.accepted());
    boolean split = role == Role.PREFILL || role == Role.DECODE;
    boolean router = !annotations.path(Keys.ROUTER).asText().equals(RouterMode.NONE.label());
    if (split && router && !connector.routed()) {
      values.problem(
          Keys.KV_CONNECTOR,
          connector.label(),
          "the router speaks nixl, lmcache and shared-storage; set %s: none and bring a proxy"
                  .formatted(Keys.ROUTER)
              + " that drives this connector, or use one of those");
    }
    return connector;
  }

  private @Nullable String storagePath(Connector connector) {
    String accepted = "is an absolute path of a directory all engines see";
    if (connector == Connector.SHARED_STORAGE && !values.has(Keys.KV_STORAGE_PATH)) {
      values.problem(Keys.KV_STORAGE_PATH, "", "missing; accepted " + accepted);
    }
    return values.text(Keys.KV_STORAGE_PATH, STORAGE_PATH, accepted);
  }

  private RouterOptions routerOptions() {
    String value = values.text(Keys.ROUTER_OPTIONS);
    return value == null
        ? RouterOptions.NONE
        : RouterOptions.read(Keys.ROUTER_OPTIONS, value, problems);
  }

  private @Nullable VllmVersion version() {
    String value = values.text(Keys.VLLM_VERSION);
    VllmVersion version = value == null ? null : VllmVersion.parse(value);
    if (value != null && version == null) {
      values.problem(Keys.VLLM_VERSION, value, "accepted is a version such as 0.26.0");
    }
    return version;
  }

  private @Nullable Boolean nativeSidecar() {
    String value = values.text(Keys.NATIVE_SIDECAR);
    if (value == null || value.equals("true") || value.equals("false")) {
      return value == null ? null : Boolean.valueOf(value);
    }
    values.problem(Keys.NATIVE_SIDECAR, value, "accepted are \"true\", \"false\"");
    return null;
  }

  private @Nullable Speculation speculative() {
    String value = values.text(Keys.SPECULATIVE);
    if (value == null) {
      return null;
    }
    if (value.length() <= SPECULATIVE_CHARACTERS
        && Values.json(value) instanceof ObjectNode json
        && !json.isEmpty()) {
      Speculation speculation = new Speculation(json);
      problems.addAll(speculation.problems());
      return speculation;
    }
    values.problem(
        Keys.SPECULATIVE,
        value,
        "accepted is a JSON object for --speculative-config of at most %d characters, e.g."
                .formatted(SPECULATIVE_CHARACTERS)
            + " {\"method\":\"ngram\",\"num_speculative_tokens\":3,\"prompt_lookup_max\":4}");
    return null;
  }

  private Set<String> keep() {
    String value = values.text(Keys.KEEP);
    Set<String> fields = new LinkedHashSet<>();
    if (value == null) {
      return fields;
    }
    for (String part : value.split(",", -1)) {
      String field = part.strip();
      if (Wishes.KEEPABLE.contains(field)) {
        fields.add(field);
      } else {
        values.problem(
            Keys.KEEP,
            value,
            "'%s' is no field we would change; accepted is a comma list of %s"
                .formatted(field, Wishes.keepable()));
      }
    }
    return fields;
  }

  private SidecarResources resources() {
    String value = values.text(Keys.SIDECAR_RESOURCES);
    if (value == null) {
      return SidecarResources.DEFAULT;
    }
    try {
      return SidecarResources.DEFAULT.with(Values.json(value));
    } catch (IllegalArgumentException e) {
      values.problem(Keys.SIDECAR_RESOURCES, value, String.valueOf(e.getMessage()));
      return SidecarResources.DEFAULT;
    }
  }
}
