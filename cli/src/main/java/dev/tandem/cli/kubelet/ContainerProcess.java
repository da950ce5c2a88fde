package dev.tandem.cli.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a container would be started with: command, arguments and environment after the kubelet's
 * {@code fieldRef} and {@code $(VAR)} expansion. Immutable.
 *
 * <p>One thing differs from a cluster: pods share this machine's network, so a literal {@code
 * 127.0.0.1} becomes the pod's own loopback address. Values from Secrets and ConfigMaps are left
 * out, as for a reference marked optional.
 */
record ContainerProcess(List<String> command, List<String> arguments, Map<String, String> env) {

  /** A reference, or an escaped one ({@code $$(VAR)}) that must come out as {@code $(VAR)}. */
  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$?)\\(([A-Za-z0-9_.-]+)\\)");

  private static final Pattern KEYED_FIELD =
      Pattern.compile("metadata\\.(labels|annotations)\\['(.+)']");

  ContainerProcess {
    command = List.copyOf(command);
    arguments = List.copyOf(arguments);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
  }

  /**
   * Reads a container of a bound pod.
   *
   * @param address the pod's
   * @param paths turns a path inside the container into one on this machine
   */
  static ContainerProcess of(
      Pod pod, Container container, String address, UnaryOperator<String> paths) {
    Map<String, String> env = new LinkedHashMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = value(variable, pod, address, env);
      if (value != null) {
        env.put(variable.getName(), value);
      }
    }
    UnaryOperator<String> local =
        text -> paths.apply(expand(text, env)).replace("127.0.0.1", address);
    env.replaceAll((name, value) -> value.replace("127.0.0.1", address));
    return new ContainerProcess(
        container.getCommand().stream().map(local).toList(),
        container.getArgs().stream().map(local).toList(),
        env);
  }

  /**
   * The arguments vLLM's own parser would see, whichever of the usual ways starts it.
   *
   * @throws IllegalArgumentException for a command that cannot be told to be vLLM
   */
  List<String> vllmArguments() {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    if (command.isEmpty()) {
      // The image's entry point is `vllm serve`.
      return all.size() > 1 && all.subList(0, 2).equals(List.of("vllm", "serve"))
          ? all.subList(2, all.size())
          : all;
    }
    for (List<String> start :
        List.of(
            List.of("vllm", "serve"),
            List.of("python3", "-m", "vllm.entrypoints.openai.api_server"),
            List.of("python", "-m", "vllm.entrypoints.openai.api_server"))) {
      if (all.size() >= start.size() && all.subList(0, start.size()).equals(start)) {
        return all.subList(start.size(), all.size());
      }
    }
    throw new IllegalArgumentException(
        "command "
            + command
            + " is not known to start vLLM; accepted: none, 'vllm serve',"
            + " 'python3 -m vllm.entrypoints.openai.api_server'");
  }

  private static @Nullable String value(
      EnvVar variable, Pod pod, String address, Map<String, String> before) {
    if (variable.getValueFrom() == null) {
      return expand(variable.getValue() == null ? "" : variable.getValue(), before);
    }
    return variable.getValueFrom().getFieldRef() == null
        ? null
        : field(pod, address, variable.getValueFrom().getFieldRef().getFieldPath());
  }

  /** The value of a downward API field; empty where the pod has none, as the kubelet does. */
  static String field(Pod pod, String address, String path) {
    Matcher keyed = KEYED_FIELD.matcher(path);
    if (keyed.matches()) {
      Map<String, String> entries =
          keyed.group(1).equals("labels")
              ? pod.getMetadata().getLabels()
              : pod.getMetadata().getAnnotations();
      String value = entries == null ? null : entries.get(keyed.group(2));
      return value == null ? "" : value;
    }
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "status.podIP", "status.podIPs", "status.hostIP" -> address;
      default ->
          throw new IllegalArgumentException(
              "fieldPath "
                  + path
                  + "; accepted: metadata.name, metadata.namespace, metadata.uid,"
                  + " metadata.labels['…'], metadata.annotations['…'], spec.nodeName,"
                  + " status.podIP, status.hostIP");
    };
  }

  /** Kubernetes' expansion: an unknown name stays as it is written. */
  private static String expand(String text, Map<String, String> env) {
    return REFERENCE
        .matcher(text)
        .replaceAll(match -> {
          String known = env.get(match.group(2));
          boolean escaped = !match.group(1).isEmpty();
          String result = match.group();
          if (escaped) {
            result = match.group().substring(1);
          } else if (known != null) {
            result = known;
          }
          return Matcher.quoteReplacement(result);
        });
  }
}
