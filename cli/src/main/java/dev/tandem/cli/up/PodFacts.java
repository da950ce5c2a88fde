package dev.tandem.cli.up;

import dev.tandem.api.GroupSize;
import dev.tandem.api.Keys;
import dev.tandem.api.Role;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a running pod says about itself. Immutable view. */
record PodFacts(Pod pod) {

  private static final String GPU = "nvidia.com/gpu";
  private static final String SERVED_NAME = "--served-model-name=";

  String name() {
    return pod.getMetadata().getName();
  }

  @Nullable String group() {
    return annotation(Keys.GROUP);
  }

  Role role() {
    String label = annotation(Keys.ROLE);
    Role role = label == null ? null : Role.parse(label);
    return role == null ? Role.BOTH : role;
  }

  /** The size its group was declared with; null where it was not. */
  @Nullable GroupSize groupSize() {
    String value = annotation(Keys.GROUP_SIZE);
    if (value == null) {
      return null;
    }
    return switch (GroupSize.parse(value)) {
      case GroupSize.Valid valid -> valid.size();
      case GroupSize.Invalid _ -> null;
    };
  }

  @Nullable String locality() {
    return annotation(Keys.LOCALITY);
  }

  String node() {
    String node = pod.getSpec().getNodeName();
    return node == null ? "" : node;
  }

  /** The served model name: annotated, or as vLLM was told. */
  String model() {
    String annotated = annotation(Keys.MODEL);
    if (annotated != null) {
      return annotated;
    }
    for (Container container : pod.getSpec().getContainers()) {
      for (String argument : container.getArgs()) {
        if (argument.startsWith(SERVED_NAME)) {
          return argument.substring(SERVED_NAME.length());
        }
      }
    }
    throw new IllegalArgumentException(
        "pod "
            + name()
            + " does not say which model it serves; accepted: annotation "
            + Keys.MODEL
            + " or argument "
            + SERVED_NAME
            + "NAME");
  }

  int gpus() {
    int gpus = 0;
    for (Container container : pod.getSpec().getContainers()) {
      if (container.getResources() != null && container.getResources().getLimits() != null) {
        Quantity limit = container.getResources().getLimits().get(GPU);
        gpus += limit == null ? 0 : limit.getNumericalAmount().intValueExact();
      }
    }
    return gpus;
  }

  /** The number of the port with this name, wherever in the pod it is. */
  int port(String portName) {
    List<Container> containers = new ArrayList<>(pod.getSpec().getContainers());
    containers.addAll(pod.getSpec().getInitContainers());
    for (Container container : containers) {
      for (ContainerPort port : container.getPorts()) {
        if (portName.equals(port.getName())) {
          return port.getContainerPort();
        }
      }
    }
    throw new IllegalArgumentException("pod " + name() + " has no port named " + portName);
  }

  private @Nullable String annotation(String key) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(key);
  }
}
