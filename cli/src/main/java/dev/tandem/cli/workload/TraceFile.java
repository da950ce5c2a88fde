package dev.tandem.cli.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * Reads a trace of one JSON object a line, plain or gzipped ({@code .gz}), with exactly the keys
 * {@code timestamp} (ms), {@code input_length}, {@code output_length} (tokens) and {@code
 * hash_ids}. Anything else is an error that names the line.
 *
 * <p>Published traces stamp many requests with one time, because their clock was coarse. Such
 * requests are spread evenly until the next stamp, over at most {@value #LONGEST_SPREAD_SECONDS} s.
 */
public final class TraceFile {

  private static final double LONGEST_SPREAD_SECONDS = 3;

  private static final Set<String> KEYS =
      Set.of("timestamp", "input_length", "output_length", "hash_ids");

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private TraceFile() {}

  /** A line that is no request of the trace form. */
  public static final class BadTraceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadTraceException(Path file, long line, String problem) {
      super(file + " line " + line + ": " + problem);
    }
  }

  /**
   * Reads the first requests.
   *
   * @param most how many at most
   * @return in order of time, at least one
   * @throws BadTraceException when a line is malformed or the file has no request
   */
  public static List<TraceRequest> read(Path file, int most) {
    List<TraceRequest> stamped = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      // Reading goes on to the next stamp after the last request: it ends that request's spread.
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        TraceRequest request = parse(file, number, line);
        double last = stamped.isEmpty() ? 0 : stamped.getLast().atSeconds();
        if (request.atSeconds() < last) {
          throw new BadTraceException(file, number, "timestamp is earlier than the line before");
        }
        stamped.add(request);
        if (stamped.size() > most && request.atSeconds() > stamped.get(most - 1).atSeconds()) {
          break;
        }
      }
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("cannot read trace " + file + ": no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read trace " + file + ": " + e.getMessage(), e);
    }
    if (stamped.isEmpty()) {
      throw new BadTraceException(file, 1, "no request in the file");
    }
    List<TraceRequest> spread = spread(stamped);
    return List.copyOf(spread.subList(0, Math.min(most, spread.size())));
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
  }

  private static TraceRequest parse(Path file, long number, String line) {
    try {
      JsonNode node = JSON.readTree(line);
      if (!node.isObject() || !keys(node).equals(KEYS)) {
        throw new BadTraceException(
            file, number, "keys are " + keys(node) + "; accepted: exactly " + new TreeSet<>(KEYS));
      }
      List<Long> ids = new ArrayList<>();
      if (!node.path("hash_ids").isArray()) {
        throw new BadTraceException(file, number, "hash_ids is not a list");
      }
      for (JsonNode id : node.path("hash_ids")) {
        if (!id.canConvertToLong() || !id.isIntegralNumber()) {
          throw new BadTraceException(file, number, "hash id " + id + " is not a whole number");
        }
        ids.add(id.longValue());
      }
      return new TraceRequest(
          whole(file, number, node, "timestamp") / 1000.0,
          Math.toIntExact(whole(file, number, node, "input_length")),
          Math.toIntExact(whole(file, number, node, "output_length")),
          ids);
    } catch (JsonProcessingException e) {
      throw new BadTraceException(file, number, "not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new BadTraceException(file, number, String.valueOf(e.getMessage()));
    }
  }

  private static Set<String> keys(JsonNode node) {
    Set<String> keys = new TreeSet<>();
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      keys.add(names.next());
    }
    return keys;
  }

  private static long whole(Path file, long number, JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new BadTraceException(file, number, key + " is " + value + ", not a whole number");
    }
    return value.longValue();
  }

  private static List<TraceRequest> spread(List<TraceRequest> stamped) {
    List<TraceRequest> spread = new ArrayList<>(stamped.size());
    int first = 0;
    while (first < stamped.size()) {
      double start = stamped.get(first).atSeconds();
      int end = first;
      while (end < stamped.size() && stamped.get(end).atSeconds() == start) {
        end++;
      }
      double room =
          end == stamped.size()
              ? LONGEST_SPREAD_SECONDS
              : Math.min(LONGEST_SPREAD_SECONDS, stamped.get(end).atSeconds() - start);
      for (int i = first; i < end; i++) {
        spread.add(stamped.get(i).at(start + room * (i - first) / (end - first)));
      }
      first = end;
    }
    return spread;
  }
}
