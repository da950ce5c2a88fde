package dev.tandem.router.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the router makes of request paths. Stateless. */
final class Paths {

  private static final Set<String> INFERENCE = Set.of("/v1/chat/completions", "/v1/completions");

  /**
   * Endpoints that stop, pause, reprogram or profile an engine. vLLM opens most of them only in
   * development mode; a router that serves clients refuses them whatever the mode.
   */
  private static final Set<String> DENIED =
      Set.of(
          "sleep",
          "wake_up",
          "is_sleeping",
          "pause",
          "resume",
          "is_paused",
          "abort_requests",
          "reset_prefix_cache",
          "reset_mm_cache",
          "reset_encoder_cache",
          "collective_rpc",
          "server_info",
          "start_profile",
          "stop_profile",
          "scale_elastic_ep",
          "is_scaling_elastic_ep",
          "fault_tolerance",
          "init_weight_transfer_engine",
          "start_weight_update",
          "update_weights",
          "finish_weight_update",
          "get_world_size",
          "tandem");

  private Paths() {}

  static boolean isInference(String path) {
    return INFERENCE.contains(path);
  }

  /** Whether clients may not reach this path, in whatever spelling an engine would understand. */
  static boolean isDenied(String path) {
    List<String> segments = segments(path);
    return !segments.isEmpty() && DENIED.contains(segments.getFirst());
  }

  /** Decoded, without empty and dot segments, in lower case. */
  private static List<String> segments(String path) {
    List<String> segments = new ArrayList<>();
    for (String segment : decode(path).split("/", -1)) {
      if (segment.equals("..")) {
        if (!segments.isEmpty()) {
          segments.removeLast();
        }
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        segments.add(segment.toLowerCase(Locale.ROOT));
      }
    }
    return segments;
  }

  private static String decode(String path) {
    StringBuilder decoded = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      int value = c == '%' && i + 2 < path.length() ? hex(path, i + 1) : -1;
      if (value >= 0) {
        decoded.append((char) value);
        i += 2;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private static int hex(String text, int at) {
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
