package dev.tandem.router.engine;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the few metrics a router wants out of an engine's exposition in Prometheus' text format.
 * Written for this because it happens up to twenty times a second in every pod: an exposition of 40
 * KB has a dozen lines of interest, and only those are looked at beyond their name. Not thread
 * safe: one instance reads one exposition after another.
 */
public final class MetricsText {

  private static final byte[] PREFIX = bytes("vllm:");
  private static final byte[] RUNNING = bytes("vllm:num_requests_running");
  private static final byte[] WAITING = bytes("vllm:num_requests_waiting");
  private static final byte[] USAGE = bytes("vllm:kv_cache_usage_perc");
  private static final byte[] OLD_USAGE = bytes("vllm:gpu_cache_usage_perc");
  private static final byte[] CONFIG = bytes("vllm:cache_config_info");
  private static final byte[] SLEEP = bytes("vllm:engine_sleep_state");
  private static final byte[] PROMPT_TOKENS = bytes("vllm:prompt_tokens_total");
  private static final byte[] XFER = bytes("vllm:nixl_xfer_time_seconds_sum");
  private static final byte[] XFER_COUNT = bytes("vllm:nixl_xfer_time_seconds_count");
  private static final byte[] POST = bytes("vllm:nixl_post_time_seconds_sum");
  private static final byte[] BYTES = bytes("vllm:nixl_bytes_transferred_sum");
  private static final byte[] DESCRIPTORS = bytes("vllm:nixl_num_descriptors_sum");
  private static final byte[] ENGINE = bytes("engine=\"");
  private static final byte[] BLOCK_SIZE = bytes("block_size=\"");
  private static final byte[] GPU_BLOCKS = bytes("num_gpu_blocks=\"");
  private static final byte[] AWAKE = bytes("sleep_state=\"awake\"");

  // Beyond it a counter would no longer count by ones.
  private static final double MOST = 1L << 53;

  private static final int MOST_RANK = 1 << 16;

  private byte[] text = {};
  private int nameEnd;
  private int labelsEnd;
  private int lineEnd;
  private int bad;

  private int firstRank;
  private int lastRank;
  private double running;
  private double waiting;
  private double usage;
  private double blocks;
  private double blockTokens;
  private double asleep;
  private double promptTokens;
  private double transfers;
  private double xfer;
  private double post;
  private double transferred;
  private double descriptors;

  /** Reads one exposition. Never fails: what cannot be read is missing from the sample. */
  public EngineSample read(byte[] exposition) {
    text = exposition;
    bad = 0;
    running = waiting = usage = blocks = blockTokens = asleep = promptTokens = Double.NaN;
    firstRank = Integer.MAX_VALUE;
    lastRank = -1;
    transfers = xfer = post = transferred = descriptors = 0;
    for (int start = 0; start < text.length; start = lineEnd + 1) {
      lineEnd = endOfLine(start);
      if (starts(PREFIX, start)) {
        line(start);
      }
    }
    text = new byte[0];
    return new EngineSample(
        running,
        waiting,
        usage,
        blocks,
        blockTokens,
        asleep,
        promptTokens,
        new TransferTotals(transfers, xfer, post, transferred, descriptors),
        lastRank < 0 ? 0 : lastRank - firstRank + 1,
        bad);
  }

  private void line(int start) {
    nameEnd = start;
    while (nameEnd < lineEnd && text[nameEnd] != '{' && text[nameEnd] != ' ') {
      nameEnd++;
    }
    if (is(RUNNING, start)) {
      running = sum(running, value(MOST));
      rank();
    } else if (is(WAITING, start)) {
      waiting = sum(waiting, value(MOST));
    } else if (is(USAGE, start) || is(OLD_USAGE, start)) {
      usage = max(usage, value(1));
    } else if (is(PROMPT_TOKENS, start)) {
      promptTokens = sum(promptTokens, value(MOST));
    } else if (is(SLEEP, start)) {
      double set = value(1);
      if (find(AWAKE) >= 0 && !Double.isNaN(set)) {
        asleep = max(asleep, 1 - set);
      }
    } else if (is(CONFIG, start)) {
      blocks = sum(blocks, label(GPU_BLOCKS));
      blockTokens = max(blockTokens, label(BLOCK_SIZE));
    } else if (is(XFER, start)) {
      xfer += orNothing(value(MOST));
    } else if (is(XFER_COUNT, start)) {
      transfers += orNothing(value(MOST));
    } else if (is(POST, start)) {
      post += orNothing(value(MOST));
    } else if (is(BYTES, start)) {
      transferred += orNothing(value(MOST));
    } else if (is(DESCRIPTORS, start)) {
      descriptors += orNothing(value(MOST));
    }
  }

  private void rank() {
    if (find(ENGINE) >= 0) {
      double rank = label(ENGINE);
      if (rank <= MOST_RANK) {
        firstRank = Math.min(firstRank, (int) rank);
        lastRank = Math.max(lastRank, (int) rank);
      }
    }
  }

  /** The line's value, NaN when it is none, is below 0 or above the most it may be. */
  private double value(double most) {
    int from = labels();
    while (from < lineEnd && text[from] == ' ') {
      from++;
    }
    int end = from;
    while (end < lineEnd && text[end] != ' ' && text[end] != '\r') {
      end++; // a timestamp may follow
    }
    return number(from, end, most);
  }

  /** A label's value as a number; vLLM writes None for what is not set. */
  private double label(byte[] nameAndQuote) {
    labels();
    int from = find(nameAndQuote);
    if (from < 0) {
      return Double.NaN;
    }
    from += nameAndQuote.length;
    int end = from;
    while (end < labelsEnd && text[end] != '"') {
      end++;
    }
    return number(from, end, Integer.MAX_VALUE);
  }

  private double number(int from, int end, double most) {
    double value;
    try {
      value = Double.parseDouble(new String(text, from, end - from, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (value >= 0 && value <= most) {
      return value;
    }
    bad++;
    return Double.NaN;
  }

  /** Where the labels end and the value begins. A quoted brace does not end them. */
  private int labels() {
    int at = nameEnd;
    if (at < lineEnd && text[at] == '{') {
      boolean quoted = false;
      for (; at < lineEnd; at++) {
        if (text[at] == '\\') {
          at++;
        } else if (text[at] == '"') {
          quoted = !quoted;
        } else if (text[at] == '}' && !quoted) {
          at++;
          break;
        }
      }
    }
    labelsEnd = Math.min(at, lineEnd);
    return labelsEnd;
  }

  /** Where a label begins that starts like this, or -1. */
  private int find(byte[] wanted) {
    for (int at = nameEnd + 1; at + wanted.length <= labelsEnd; at++) {
      if ((text[at - 1] == '{' || text[at - 1] == ',' || text[at - 1] == ' ')
          && starts(wanted, at)) {
        return at;
      }
    }
    return -1;
  }

  private boolean is(byte[] name, int start) {
    return nameEnd - start == name.length && starts(name, start);
  }

  private boolean starts(byte[] wanted, int at) {
    return at + wanted.length <= text.length
        && Arrays.equals(wanted, 0, wanted.length, text, at, at + wanted.length);
  }

  private int endOfLine(int from) {
    int at = from;
    while (at < text.length && text[at] != '\n') {
      at++;
    }
    return at;
  }

  private static double sum(double before, double value) {
    return Double.isNaN(before) ? value : Double.isNaN(value) ? before : before + value;
  }

  private static double max(double before, double value) {
    return Double.isNaN(before) ? value : Double.isNaN(value) ? before : Math.max(before, value);
  }

  private static double orNothing(double value) {
    return Double.isNaN(value) ? 0 : value;
  }

  private static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
