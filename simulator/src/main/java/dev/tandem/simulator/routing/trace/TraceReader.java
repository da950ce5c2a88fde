package dev.tandem.simulator.routing.trace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a trace in the Mooncake form, plain or gzipped (told by its first bytes): one JSON object a
 * line with {@code timestamp} (ms), {@code input_length}, {@code output_length} (tokens) and {@code
 * hash_ids}; with {@code session_id} where conversations are known, and with {@code gap_s} on a
 * request that comes so many seconds after the answer before it in its session (such a line needs
 * no timestamp). Other keys are left alone. Used once, by one thread.
 *
 * <p>Published traces stamp many requests with one time, because their clock was coarse. Requests
 * that share a stamp are spread evenly until the next, over at most {@value
 * #LONGEST_SPREAD_SECONDS} s.
 */
public final class TraceReader {
  static final double LONGEST_SPREAD_SECONDS = 3;

  /** Ten times the largest public trace. */
  static final int MOST_REQUESTS = 1_000_000;

  private static final String ACCEPTED =
      "accepted: one JSON object a line with timestamp (ms), input_length, output_length (tokens),"
          + " hash_ids, and optionally session_id and gap_s";

  private static final ObjectReader JSON =
      new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Path file;
  private final Map<String, Integer> blocks = new HashMap<>();
  private final Map<String, Integer> sessions = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Double> stamps = new ArrayList<>();

  private TraceReader(Path file) {
    this.file = file;
  }

  /**
   * Reads a whole trace.
   *
   * @throws BadTrace if the file cannot be read, or a line is malformed
   */
  public static Trace read(Path file) throws BadTrace {
    return new TraceReader(file).read();
  }

  private Trace read() throws BadTrace {
    int number = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          add(number, line);
        }
      }
    } catch (NoSuchFileException e) {
      throw new BadTrace(file + ": no such file; accepted: a trace in the Mooncake form");
    } catch (EOFException | ZipException e) {
      throw new BadTrace(
          file + ": broken gzip after line " + number + ": " + e.getMessage() + "; " + ACCEPTED);
    } catch (IOException e) {
      throw new BadTrace(file + ": cannot be read after line " + number + ": " + e.getMessage());
    }
    if (requests.isEmpty()) {
      throw new BadTrace(file + ": no request in the file; " + ACCEPTED);
    }
    return new Trace(name(), requests, arrivals(), blocks.size());
  }

  private InputStream open() throws IOException {
    BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file));
    raw.mark(2);
    boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return gzip ? new GZIPInputStream(raw) : raw;
  }

  /** The file's name without its endings and without what every trace is called. */
  private String name() {
    return String.valueOf(file.getFileName())
        .replaceFirst("\\.gz$", "")
        .replaceFirst("\\.jsonl?$", "")
        .replaceFirst("_trace$", "")
        .replaceFirst("^mooncake_", "");
  }

  private void add(int number, String line) throws BadTrace {
    if (requests.size() == MOST_REQUESTS) {
      throw bad(number, "more than " + MOST_REQUESTS + " requests");
    }
    try {
      JsonNode node = JSON.readTree(line);
      if (!node.isObject()) {
        throw bad(number, "not a JSON object");
      }
      int session = session(number, node.path("session_id"));
      double gap = gap(number, node.path("gap_s"), session);
      double stamp = stamp(number, node.path("timestamp"), Double.isNaN(gap));
      requests.add(
          new Request(
              requests.size(),
              whole(number, node, "input_length"),
              whole(number, node, "output_length"),
              blocks(number, node.path("hash_ids")),
              session,
              gap));
      stamps.add(stamp);
    } catch (JsonProcessingException e) {
      throw bad(number, "not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw bad(number, String.valueOf(e.getMessage()));
    }
  }

  private BadTrace bad(int number, String problem) {
    return new BadTrace(file + " line " + number + ": " + problem + "; " + ACCEPTED);
  }

  private int session(int number, JsonNode node) throws BadTrace {
    if (node.isMissingNode() || node.isNull()) {
      return -1;
    }
    if (!node.isTextual() && !node.isIntegralNumber()) {
      throw bad(number, "session_id is " + node + ", neither text nor a whole number");
    }
    return sessions.computeIfAbsent(node.asText(), key -> sessions.size());
  }

  /** A gap on the first request of a session has nothing to follow: it comes at its own time. */
  private double gap(int number, JsonNode node, int session) throws BadTrace {
    if (node.isMissingNode() || node.isNull()) {
      return Double.NaN;
    }
    if (!node.isNumber() || !(node.doubleValue() >= 0)) {
      throw bad(number, "gap_s is " + node + ", not a number of seconds from 0");
    }
    if (session < 0) {
      throw bad(number, "gap_s without session_id");
    }
    boolean first = true;
    for (int i = requests.size() - 1; i >= 0 && first; i--) {
      first = requests.get(i).session() != session;
    }
    return first ? Double.NaN : node.doubleValue();
  }

  private double stamp(int number, JsonNode node, boolean needed) throws BadTrace {
    double last = stamps.isEmpty() ? 0 : stamps.getLast();
    if (node.isMissingNode()) {
      // A trace of sessions alone need not say when they begin.
      if (needed && sessions.isEmpty()) {
        throw bad(number, "timestamp is missing");
      }
      return last;
    }
    if (!node.isNumber() || !(node.doubleValue() >= 0)) {
      throw bad(number, "timestamp is " + node + ", not a number of milliseconds from 0");
    }
    double stamp = node.doubleValue() / 1000;
    if (stamp < last && needed) {
      throw bad(number, "timestamp " + node + " is earlier than the line before");
    }
    return Math.max(last, stamp);
  }

  private int whole(int number, JsonNode node, String key) throws BadTrace {
    JsonNode value = node.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToInt()) {
      throw bad(number, key + " is " + said(value) + ", not a whole number");
    }
    return value.intValue();
  }

  private int[] blocks(int number, JsonNode list) throws BadTrace {
    if (!list.isArray()) {
      throw bad(number, "hash_ids is " + said(list) + ", not a list");
    }
    int[] ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      JsonNode id = list.get(i);
      if (!id.isIntegralNumber() && !id.isTextual()) {
        throw bad(number, "hash id " + id + " is neither a whole number nor text");
      }
      ids[i] = blocks.computeIfAbsent(id.asText(), key -> blocks.size());
    }
    return ids;
  }

  private static String said(JsonNode value) {
    return value.isMissingNode() ? "missing" : value.toString();
  }

  private double[] arrivals() {
    double[] arrivals = new double[stamps.size()];
    int first = 0;
    while (first < arrivals.length) {
      double start = stamps.get(first);
      int end = first;
      while (end < arrivals.length && stamps.get(end) == start) {
        end++;
      }
      double room =
          end == arrivals.length
              ? LONGEST_SPREAD_SECONDS
              : Math.min(LONGEST_SPREAD_SECONDS, stamps.get(end) - start);
      for (int i = first; i < end; i++) {
        arrivals[i] = start + room * (i - first) / (end - first);
      }
      first = end;
    }
    return arrivals;
  }
}
