package dev.tandem.webhook.annotations;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a pod asks for RDMA.
 *
 * @param lockMemory whether the container may lock memory, which registering it with a NIC needs
 *     where the limit on locked memory is low
 * @param devices extended resources by name, each at least one
 */
public record RdmaWish(boolean lockMemory, Map<String, Integer> devices) {

  /** Nothing asked, nothing injected. */
  public static final RdmaWish NONE = new RdmaWish(false, Map.of());

  /** An extended resource: {@code domain/name} (k8s.io/kubernetes/pkg/apis/core/v1/helper). */
  private static final Pattern DEVICE =
      Pattern.compile("([a-z0-9.-]{1,63}/[A-Za-z0-9._-]{1,63})(?:=([1-9][0-9]{0,2}))?");

  public RdmaWish {
    devices = Map.copyOf(devices);
  }

  /** Reads the annotation; null where it says something else. */
  static @Nullable RdmaWish parse(String text) {
    boolean lockMemory = false;
    Map<String, Integer> devices = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      Matcher device = DEVICE.matcher(part.strip());
      if (part.strip().equals("ipc-lock")) {
        lockMemory = true;
      } else if (device.matches()) {
        String count = device.group(2);
        devices.put(device.group(1), count == null ? 1 : Integer.parseInt(count));
      } else {
        return null;
      }
    }
    return new RdmaWish(lockMemory, devices);
  }
}
