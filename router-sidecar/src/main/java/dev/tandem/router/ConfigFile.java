package dev.tandem.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tandem.api.LocalityPath;
import dev.tandem.api.Ports;
import dev.tandem.api.Role;
import dev.tandem.router.peers.Peer;
import dev.tandem.router.request.SessionKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The YAML file of {@code --config}: a router without Kubernetes, in front of fixed endpoints.
 * Unknown keys are refused. Every key may be left out but an endpoint's name, host and port.
 *
 * <pre>
 * listenHost: 127.0.0.1
 * port: 8000
 * peerPort: 8201
 * policy: tandem
 * model: llama
 * endpoints:
 *   - {name: p0, host: 127.0.0.2, port: 8200, kind: engine, role: prefill, group: g}
 *   - {name: d0, host: 127.0.0.3, port: 8200, kind: engine, role: decode, group: g}
 * limits: {firstByteSeconds: 30}
 * </pre>
 */
final class ConfigFile {

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private ConfigFile() {}

  record Root(
      @Nullable String pod,
      @Nullable String listenHost,
      @Nullable String host,
      @Nullable Integer port,
      @Nullable Integer peerPort,
      @Nullable String engineHost,
      @Nullable Integer enginePort,
      @Nullable String role,
      @Nullable String group,
      @Nullable String model,
      @Nullable Long kvBytesPerToken,
      @Nullable Integer tensorParallel,
      @Nullable Path localityFile,
      @Nullable List<String> trustedPeers,
      @Nullable String policy,
      @Nullable Long splitTokens,
      @Nullable Long splitUncachedTokens,
      @Nullable String uncachedWeight,
      @Nullable String sessionHeader,
      @Nullable String sessionCookie,
      @Nullable Map<String, Integer> objectives,
      @Nullable List<String> trustedPickers,
      @Nullable Waiting queue,
      @Nullable Integer decisionsKept,
      @Nullable Index index,
      @Nullable Double speedUp,
      @Nullable List<Endpoint> endpoints,
      @Nullable Bounds limits) {}

  record Waiting(
      @Nullable Integer entries, @Nullable Long bytes, @Nullable Double longestSeconds) {}

  record Index(
      @Nullable String source,
      @Nullable Integer eventsPort,
      @Nullable Integer replayPort,
      @Nullable String tokenize,
      @Nullable Long tokenizeMillis) {}

  record Endpoint(
      @Nullable String name,
      @Nullable String host,
      @Nullable Integer port,
      @Nullable String kind,
      @Nullable String role,
      @Nullable String group,
      @Nullable String model,
      @Nullable String locality,
      @Nullable String compatibility,
      @Nullable Integer servingPort) {}

  record Bounds(
      @Nullable Integer maxBodyBytes,
      @Nullable Double connectSeconds,
      @Nullable Double firstByteSeconds,
      @Nullable Double answerSeconds,
      @Nullable Double idleSeconds,
      @Nullable Double pullGraceSeconds,
      @Nullable Integer retries,
      @Nullable Double retryBudgetSeconds,
      @Nullable Integer indexBlocks,
      @Nullable Integer mostInFlight) {}

  /**
   * Reads and validates a file.
   *
   * @throws IllegalArgumentException when it cannot be read, for an unknown key or a bad value; the
   *     message is one line
   */
  static RouterConfig read(Path file) {
    try {
      return config(YAML.readValue(Files.readString(file), Root.class));
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException(file + ": " + unknownKey(e), e);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + ": " + oneLine(e), e);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + ": no such file; see docs/router-config.md", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }

  private static String unknownKey(UnrecognizedPropertyException e) {
    Stream<String> accepted = e.getKnownPropertyIds().stream().map(String::valueOf).sorted();
    return "key '%s'; accepted: %s"
        .formatted(e.getPropertyName(), accepted.collect(Collectors.joining(", ")));
  }

  private static String oneLine(JsonProcessingException e) {
    String where = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ": ";
    return where
        + e.getOriginalMessage().lines().map(String::strip).collect(Collectors.joining(" "));
  }

  private static RouterConfig config(@Nullable Root root) {
    if (root == null) {
      throw new IllegalArgumentException("empty; see docs/router-config.md");
    }
    List<Peer> peers = new ArrayList<>();
    for (Endpoint endpoint : or(root.endpoints, List.<Endpoint>of())) {
      peers.add(peer(endpoint));
    }
    String listen = or(root.listenHost, "127.0.0.1");
    return new RouterConfig(
        or(root.pod, "router"),
        "default",
        listen,
        or(root.host, RouterFlags.wildcard(listen) ? "127.0.0.1" : listen),
        or(root.port, Ports.SERVING),
        or(root.peerPort, Ports.PEER),
        or(root.engineHost, RouterFlags.wildcard(listen) ? "127.0.0.1" : listen),
        or(root.enginePort, 0),
        role("role", or(root.role, Role.BOTH.label())),
        root.group,
        or(root.group, "static"),
        or(root.model, ""),
        or(root.kvBytesPerToken, 0L),
        or(root.tensorParallel, 1),
        root.localityFile,
        or(root.trustedPeers, List.<String>of()),
        routing(root),
        root.index == null ? IndexConfig.DEFAULT : index(root.index),
        or(root.speedUp, 1.0),
        new Discovery.Fixed(peers),
        root.limits == null ? Limits.DEFAULT : limits(root.limits),
        RequestObserver.NONE);
  }

  private static Routing routing(Root root) {
    Routing defaults = Routing.DEFAULT;
    Waiting waiting = root.queue == null ? new Waiting(null, null, null) : root.queue;
    return new Routing(
        Policy.of(or(root.policy, defaults.policy().label())),
        or(root.splitTokens, defaults.splitTokens()),
        or(root.splitUncachedTokens, defaults.splitUncachedTokens()),
        Routing.uncachedWeight(or(root.uncachedWeight, Routing.ADAPTIVE)),
        new SessionKey(
            or(root.sessionHeader, defaults.session().header()),
            or(root.sessionCookie, defaults.session().cookie())),
        or(root.objectives, defaults.objectives()),
        or(root.trustedPickers, List.<String>of()).stream().map(AddressRange::new).toList(),
        new Routing.Queue(
            or(waiting.entries, defaults.queue().entries()),
            or(waiting.bytes, defaults.queue().bytes()),
            seconds(waiting.longestSeconds, defaults.queue().longest())),
        or(root.decisionsKept, defaults.decisionsKept()));
  }

  private static IndexConfig index(Index index) {
    IndexConfig defaults = IndexConfig.DEFAULT;
    return new IndexConfig(
        IndexConfig.Source.of(or(index.source, defaults.source().label())),
        or(index.eventsPort, defaults.eventsPort()),
        or(index.replayPort, defaults.replayPort()),
        IndexConfig.Tokenize.of(or(index.tokenize, defaults.tokenize().label())),
        index.tokenizeMillis == null
            ? defaults.tokenizeWithin()
            : Duration.ofMillis(index.tokenizeMillis));
  }

  private static Peer peer(Endpoint endpoint) {
    if (endpoint.name == null || endpoint.host == null || endpoint.port == null) {
      throw new IllegalArgumentException("endpoints: each needs name, host and port: " + endpoint);
    }
    LocalityPath locality = null;
    if (endpoint.locality != null) {
      locality =
          switch (LocalityPath.parse(endpoint.locality)) {
            case LocalityPath.Valid valid -> valid.path();
            case LocalityPath.Invalid invalid ->
                throw new IllegalArgumentException(
                    "endpoint " + endpoint.name + ": locality: " + invalid.reason());
          };
    }
    Peer.Kind kind = kind(endpoint);
    return new Peer(
        endpoint.name,
        endpoint.host,
        endpoint.port,
        kind,
        role("endpoint " + endpoint.name + ": role", or(endpoint.role, Role.BOTH.label())),
        endpoint.group,
        endpoint.model,
        locality,
        endpoint.compatibility,
        endpoint.name,
        or(endpoint.servingPort, kind == Peer.Kind.ENGINE ? endpoint.port : Ports.SERVING),
        false);
  }

  private static Peer.Kind kind(Endpoint endpoint) {
    return switch (or(endpoint.kind, "engine")) {
      case "engine" -> Peer.Kind.ENGINE;
      case "sidecar" -> Peer.Kind.SIDECAR;
      default ->
          throw new IllegalArgumentException(
              "endpoint %s: kind '%s'; accepted: engine, sidecar"
                  .formatted(endpoint.name, endpoint.kind));
    };
  }

  private static Role role(String key, String value) {
    Role role = Role.parse(value);
    if (role == null) {
      throw new IllegalArgumentException(key + " '" + value + "'; accepted: " + Role.accepted());
    }
    return role;
  }

  private static Limits limits(Bounds bounds) {
    Limits defaults = Limits.DEFAULT;
    return new Limits(
        or(bounds.maxBodyBytes, defaults.maxBodyBytes()),
        seconds(bounds.connectSeconds, defaults.connect()),
        seconds(bounds.firstByteSeconds, defaults.firstByte()),
        seconds(bounds.answerSeconds, defaults.answer()),
        seconds(bounds.idleSeconds, defaults.idle()),
        seconds(bounds.pullGraceSeconds, defaults.pullGrace()),
        or(bounds.retries, defaults.retries()),
        seconds(bounds.retryBudgetSeconds, defaults.retryBudget()),
        or(bounds.indexBlocks, defaults.indexBlocks()),
        or(bounds.mostInFlight, defaults.mostInFlight()));
  }

  private static Duration seconds(@Nullable Double seconds, Duration otherwise) {
    return seconds == null ? otherwise : Duration.ofNanos((long) (seconds * 1e9));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return Objects.requireNonNullElse(value, otherwise);
  }
}
