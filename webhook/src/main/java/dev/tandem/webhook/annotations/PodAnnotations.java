package dev.tandem.webhook.annotations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the annotations of our prefix off one pod, collecting every problem. One instance a pod,
 * one thread.
 */
public final class PodAnnotations {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** A label value (they are copied to labels): apimachinery/pkg/util/validation. */
  private static final Pattern LABEL_VALUE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");

  private static final String LABEL_VALUE_FORM =
      "1 to 63 letters, digits, '-', '_' or '.', beginning and ending with a letter or digit";

  /** Served names reach flags and ZMQ topics: no blanks, no control characters, no quotes. */
  private static final Pattern MODEL_NAME = Pattern.compile("[A-Za-z0-9._:/@+-]{1,253}");

  /** Characters of JSON a speculative-config may have: the real ones have a few hundred. */
  private static final int SPECULATIVE_CHARACTERS = 8192;

  /** Keys a person writes, and the two that are ours. */
  private static final Set<String> KNOWN =
      Stream.concat(
              Arrays.stream(Annotation.values()).map(Annotation::key),
              Stream.of(Keys.INJECTED, Keys.LOCALITY, Keys.INJECT))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> KNOWN_NAMES =
      KNOWN.stream()
          .map(key -> key.substring(Keys.PREFIX.length()))
          .collect(Collectors.toUnmodifiableSet());

  private final JsonNode annotations;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  private final JsonNode labels;

  private PodAnnotations(JsonNode metadata) {
    this.annotations = metadata.path("annotations");
    this.labels = metadata.path("labels");
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
    warnAboutUnknownKeys();
    Role role = role();
    String group = labelValue(Keys.GROUP);
    if (group == null && role.needsGroup() && !annotations.has(Keys.GROUP)) {
      problems.add(
          new Problem(
              Keys.GROUP,
              "",
              "role %s needs a group: the pods it exchanges KV cache with carry the same value; %s"
                  .formatted(role.label(), LABEL_VALUE_FORM)));
    }
    Connector connector = connector(role);
    Wishes wishes =
        new Wishes(
            role,
            group,
            groupSize(role),
            model(),
            labelValue(Keys.POOL),
            requiredLevel(),
            connector,
            storagePath(connector),
            routerMode(),
            portMode(),
            nativeSidecar(),
            text(Keys.CONTAINER),
            version(),
            port(Keys.PORT),
            port(Keys.ENGINE_PORT),
            portOffset(),
            kvBytesPerToken(),
            speculative(),
            rdma(),
            keep(),
            resources());
    return new Reading(wishes, problems, warnings);
  }

  private void warnAboutUnknownKeys() {
    for (Map.Entry<String, JsonNode> annotation : annotations.properties()) {
      String key = annotation.getKey();
      if (key.startsWith(Keys.PREFIX) && !KNOWN.contains(key)) {
        String name = key.substring(Keys.PREFIX.length());
        String nearest = NearestKey.to(name, KNOWN_NAMES);
        warnings.add(
            "unknown annotation %s was ignored%s"
                .formatted(
                    brief(name, 40), nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
    }
  }

  private Role role() {
    String key = annotations.has(Keys.ROLE) ? Keys.ROLE : Keys.LLMD_ROLE;
    String value = text(key);
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
      warnings.add("%s: role %s is not ours; taken as both".formatted(key, brief(value, 30)));
    } else {
      problems.add(new Problem(Keys.ROLE, value, "accepted are " + Role.accepted()));
    }
    return Role.BOTH;
  }

  private static String brief(String value, int most) {
    return value.codePointCount(0, value.length()) <= most
        ? value
        : value.substring(0, value.offsetByCodePoints(0, most)) + "...";
  }

  private @Nullable GroupSize groupSize(Role role) {
    String value = text(Keys.GROUP_SIZE);
    if (value == null) {
      return null;
    }
    return switch (GroupSize.parse(value)) {
      case GroupSize.Invalid(String reason) -> {
        problems.add(
            new Problem(Keys.GROUP_SIZE, value, reason + "; accepted is e.g. prefill=2,decode=2"));
        yield null;
      }
      case GroupSize.Valid(GroupSize size) -> {
        if (size.of(role) == 0) {
          problems.add(
              new Problem(
                  Keys.GROUP_SIZE,
                  value,
                  "counts no pod of this pod's own role %s; accepted is e.g. prefill=2,decode=2"
                      .formatted(role.label())));
        }
        yield size;
      }
    };
  }

  private @Nullable String model() {
    String value = text(Keys.MODEL);
    if (value != null && !MODEL_NAME.matcher(value).matches()) {
      problems.add(
          new Problem(
              Keys.MODEL,
              value,
              "accepted is a served model name of 1 to 253 letters, digits and . _ : / @ + -"));
      return null;
    }
    return value;
  }

  private @Nullable Level requiredLevel() {
    String value = text(Keys.TOPOLOGY);
    if (value == null || value.equals("preferred")) {
      return null;
    }
    Level level =
        value.startsWith("required:") ? Level.parse(value.substring("required:".length())) : null;
    if (level == null) {
      String levels =
          Arrays.stream(Level.values()).map(Level::label).collect(Collectors.joining(", "));
      problems.add(
          new Problem(
              Keys.TOPOLOGY,
              value,
              "accepted are preferred and required:<level> with a level of " + levels));
    }
    return level;
  }

  private Connector connector(Role role) {
    String value = text(Keys.KV_CONNECTOR);
    Connector connector = value == null ? Connector.NIXL : Connector.parse(value);
    if (connector == null) {
      problems.add(
          new Problem(
              Keys.KV_CONNECTOR, String.valueOf(value), "accepted are " + Connector.accepted()));
      return Connector.NIXL;
    }
    boolean split = role == Role.PREFILL || role == Role.DECODE;
    if (split
        && !connector.routed()
        && !annotations.path(Keys.ROUTER).asText().equals(RouterMode.NONE.label())) {
      problems.add(
          new Problem(
              Keys.KV_CONNECTOR,
              connector.label(),
              "the router speaks nixl, lmcache and shared-storage; set %s: none and bring a proxy"
                      .formatted(Keys.ROUTER)
                  + " that drives this connector, or use one of those"));
    }
    return connector;
  }

  private @Nullable String storagePath(Connector connector) {
    String value = text(Keys.KV_STORAGE_PATH);
    String accepted = "accepted is an absolute path of a directory all engines see";
    if (value == null) {
      if (connector == Connector.SHARED_STORAGE) {
        problems.add(new Problem(Keys.KV_STORAGE_PATH, "", "missing; " + accepted));
      }
      return null;
    }
    if (!value.matches("/[A-Za-z0-9._/-]{1,255}") || value.contains("..")) {
      problems.add(new Problem(Keys.KV_STORAGE_PATH, value, accepted));
      return null;
    }
    return value;
  }

  private @Nullable VllmVersion version() {
    String value = text(Keys.VLLM_VERSION);
    VllmVersion version = value == null ? null : VllmVersion.parse(value);
    if (value != null && version == null) {
      problems.add(new Problem(Keys.VLLM_VERSION, value, "accepted is a version such as 0.26.0"));
    }
    return version;
  }

  private PortMode portMode() {
    String value = text(Keys.PORT_MODE);
    for (PortMode mode : PortMode.values()) {
      if (value == null || mode.label().equals(value)) {
        return mode;
      }
    }
    problems.add(
        new Problem(Keys.PORT_MODE, String.valueOf(value), "accepted are takeover, beside"));
    return PortMode.TAKEOVER;
  }

  private @Nullable Boolean nativeSidecar() {
    String value = text(Keys.NATIVE_SIDECAR);
    if (value == null || value.equals("true") || value.equals("false")) {
      return value == null ? null : Boolean.valueOf(value);
    }
    problems.add(new Problem(Keys.NATIVE_SIDECAR, value, "accepted are \"true\", \"false\""));
    return null;
  }

  private int portOffset() {
    Long offset = number(Keys.PORT_OFFSET, 0, 20_000);
    return offset == null ? 0 : offset.intValue();
  }

  private RdmaWish rdma() {
    String value = text(Keys.RDMA);
    RdmaWish wish = value == null ? RdmaWish.NONE : RdmaWish.parse(value);
    if (wish == null) {
      problems.add(
          new Problem(
              Keys.RDMA,
              String.valueOf(value),
              "accepted is a comma list of ipc-lock and <domain>/<resource>=<count>, e.g."
                  + " rdma/hca=1,ipc-lock"));
      return RdmaWish.NONE;
    }
    return wish;
  }

  private RouterMode routerMode() {
    String value = text(Keys.ROUTER);
    for (RouterMode mode : RouterMode.values()) {
      if (value == null || mode.label().equals(value)) {
        return mode;
      }
    }
    problems.add(new Problem(Keys.ROUTER, String.valueOf(value), "accepted are sidecar, none"));
    return RouterMode.SIDECAR;
  }

  private @Nullable Integer port(String key) {
    Long port = number(key, 1, 65_535);
    return port == null ? null : port.intValue();
  }

  private @Nullable Long kvBytesPerToken() {
    return number(Keys.KV_BYTES_PER_TOKEN, 1, ModelFacts.MOST_BYTES_PER_TOKEN);
  }

  private @Nullable Speculation speculative() {
    String value = text(Keys.SPECULATIVE);
    if (value == null) {
      return null;
    }
    if (value.length() <= SPECULATIVE_CHARACTERS
        && jsonOrNull(value) instanceof ObjectNode json
        && !json.isEmpty()) {
      Speculation speculation = new Speculation(json);
      problems.addAll(speculation.problems());
      return speculation;
    }
    problems.add(
        new Problem(
            Keys.SPECULATIVE,
            value,
            "accepted is a JSON object for --speculative-config of at most %d characters, e.g."
                    .formatted(SPECULATIVE_CHARACTERS)
                + " {\"method\":\"ngram\",\"num_speculative_tokens\":3,\"prompt_lookup_max\":4}"));
    return null;
  }

  private Set<String> keep() {
    String value = text(Keys.KEEP);
    Set<String> fields = new LinkedHashSet<>();
    if (value == null) {
      return fields;
    }
    for (String part : value.split(",", -1)) {
      String field = part.strip();
      if (Wishes.KEEPABLE.contains(field)) {
        fields.add(field);
      } else {
        problems.add(
            new Problem(
                Keys.KEEP,
                value,
                "'%s' is no field we would change; accepted is a comma list of %s"
                    .formatted(field, Wishes.keepable())));
      }
    }
    return fields;
  }

  private SidecarResources resources() {
    String value = text(Keys.SIDECAR_RESOURCES);
    if (value == null) {
      return SidecarResources.DEFAULT;
    }
    String form =
        "accepted is JSON such as {\"requests\":{\"cpu\":\"200m\"},\"limits\":{\"memory\":\"512Mi\"}}";
    JsonNode json = jsonOrNull(value);
    if (json == null || !json.isObject() || !onlyRequestsAndLimits(json)) {
      problems.add(new Problem(Keys.SIDECAR_RESOURCES, value, form));
      return SidecarResources.DEFAULT;
    }
    try {
      return SidecarResources.DEFAULT.with(
          quantities(json.path("requests")), quantities(json.path("limits")));
    } catch (IllegalArgumentException e) {
      problems.add(new Problem(Keys.SIDECAR_RESOURCES, value, e.getMessage() + "; " + form));
      return SidecarResources.DEFAULT;
    }
  }

  private static boolean onlyRequestsAndLimits(JsonNode json) {
    return json.properties().stream()
        .allMatch(field ->
            Set.of("requests", "limits").contains(field.getKey()) && field.getValue().isObject());
  }

  private static Map<String, Quantity> quantities(JsonNode json) {
    Map<String, Quantity> quantities = new TreeMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      Quantity quantity = Quantity.parse(field.getValue().asText());
      if (quantity == null) {
        throw new IllegalArgumentException(
            "%s: %s is no quantity".formatted(field.getKey(), field.getValue()));
      }
      if (!Set.of("cpu", "memory", "ephemeral-storage").contains(field.getKey())) {
        throw new IllegalArgumentException(
            field.getKey() + ": the router uses cpu, memory and ephemeral-storage only");
      }
      quantities.put(field.getKey(), quantity);
    }
    return quantities;
  }

  private @Nullable String labelValue(String key) {
    String value = text(key);
    if (value != null && !LABEL_VALUE.matcher(value).matches()) {
      problems.add(new Problem(key, value, "accepted are " + LABEL_VALUE_FORM));
      return null;
    }
    return value;
  }

  private @Nullable Long number(String key, long least, long most) {
    String value = text(key);
    if (value == null) {
      return null;
    }
    long number = value.matches("[0-9]{1,18}") ? Long.parseLong(value) : -1;
    if (number < least || number > most) {
      problems.add(
          new Problem(
              key, value, "accepted are whole numbers from %d to %d".formatted(least, most)));
      return null;
    }
    return number;
  }

  /** The annotation's text; null where it is absent, or no text (which is a problem of its own). */
  private @Nullable String text(String key) {
    JsonNode value = annotations.get(key);
    if (value == null) {
      return null;
    }
    if (!value.isTextual()) {
      problems.add(new Problem(key, value.toString(), "accepted is text; put the value in quotes"));
      return null;
    }
    return value.textValue();
  }

  private static @Nullable JsonNode jsonOrNull(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
