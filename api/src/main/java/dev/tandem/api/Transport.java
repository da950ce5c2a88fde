package dev.tandem.api;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What carries bytes between two GPUs at one level of the interconnect. */
public enum Transport {
  /** NVLink inside one node, where the two pods can map each other's memory. */
  NVLINK,
  /** NVLink across nodes of one domain (multi-node NVLink). */
  MNNVL,
  /** The node's PCIe fabric. */
  PCIE,
  /** RDMA over InfiniBand or RoCE. */
  RDMA,
  /** TCP through the kernel. */
  TCP;

  /** The value in a locality path and in configuration: the lower-case name. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The transport with this label, or null where there is none. */
  public static @Nullable Transport parse(String label) {
    for (Transport transport : values()) {
      if (transport.label().equals(label)) {
        return transport;
      }
    }
    return null;
  }
}
