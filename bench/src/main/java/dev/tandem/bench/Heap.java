package dev.tandem.bench;

import java.lang.management.ManagementFactory;

/** Heap in use, after what is garbage has gone. */
final class Heap {

  private Heap() {}

  static long used() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
