package dev.tandem.webhook.annotations;

import dev.tandem.api.Keys;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A flag of the router that a pod or an installation may set, and what its value may be. The router
 * would exit on any other value, and with it the pod's only way in.
 */
public enum RouterOption {
  POLICY(
      "--policy",
      Form.oneOf(
          "tandem",
          "gpu-load-aware",
          "PrefixHash",
          "RoundRobin",
          "round-robin",
          "LeastRequests",
          "Session",
          "gie_p3_q2_k2")),
  UNCACHED_WEIGHT(
      "--uncached-weight",
      new Form(
          "adaptive, or a number from 1 to 1000",
          value -> value.equals("adaptive") || Form.decimal(value, 1, 1000))),
  SPLIT_TOKENS("--split-tokens", Form.whole(0)),
  SPLIT_UNCACHED_TOKENS("--split-uncached-tokens", Form.whole(0)),
  SESSION_HEADER("--session-header", Form.NAME),
  SESSION_COOKIE("--session-cookie", Form.NAME),
  INDEX("--index", Form.oneOf("auto", "approximate", "exact")),
  INDEX_BLOCKS("--index-blocks", Form.whole(1)),
  TOKENIZE("--tokenize", Form.oneOf("auto", "never")),
  TOKENIZE_MILLIS("--tokenize-millis", Form.whole(1, 60_000)),
  MAX_IN_FLIGHT("--max-in-flight", Form.whole(1)),
  QUEUE_ENTRIES("--queue-entries", Form.whole(0)),
  QUEUE_BYTES("--queue-bytes", Form.whole(0)),
  QUEUE_SECONDS(
      "--queue-seconds",
      new Form(
          "a number of seconds from 0.001 to 86400", value -> Form.decimal(value, 0.001, 86_400))),
  OBJECTIVE(
      "--objective",
      true,
      new Form(
          "NAME=PRIORITY, e.g. batch=-1: a name of 1 to 128 letters, digits, '-', '_' and '.', and"
              + " a whole number of at most 9 digits",
          value -> value.matches(Form.NAME_CHARACTERS + "=-?[0-9]{1,9}"))),
  MAX_BODY_BYTES("--max-body-bytes", Form.whole(1)),
  DECISIONS_KEPT("--decisions-kept", Form.whole(0, 4096)),
  TRUSTED_PICKER(
      "--trusted-picker",
      true,
      new Form("an IP address or a range such as 10.0.0.0/8", Form::isAddressRange)),
  TRUSTED_PEER(
      "--trusted-peer", true, new Form("an IP address", value -> Form.addressBits(value) > 0));

  /** The router's other flags, each with the reason why it cannot be set. */
  public static final Map<String, String> NOT_HERE = notHere();

  private final String flag;
  private final boolean repeatable;
  private final Form form;

  RouterOption(String flag, Form form) {
    this(flag, false, form);
  }

  RouterOption(String flag, boolean repeatable, Form form) {
    this.flag = flag;
    this.repeatable = repeatable;
    this.form = form;
  }

  /** The option of this flag, or null. */
  static @Nullable RouterOption of(String flag) {
    for (RouterOption option : values()) {
      if (option.flag.equals(flag)) {
        return option;
      }
    }
    return null;
  }

  /** All flags. */
  static List<String> flags() {
    return Arrays.stream(values()).map(RouterOption::flag).toList();
  }

  /** The flag, with its dashes. */
  public String flag() {
    return flag;
  }

  /** Whether it may come more than once. */
  public boolean repeatable() {
    return repeatable;
  }

  /** What its value may be, in words. */
  public String accepted() {
    return form.words;
  }

  /** Whether its value may be this. */
  public boolean accepts(String value) {
    return form.accepts.test(value);
  }

  private static Map<String, String> notHere() {
    Map<String, String> reasons = new TreeMap<>();
    String ours = "the webhook sets it; ";
    reasons.put("--port", ours + "use annotation " + Keys.PORT);
    reasons.put("--engine-port", ours + "use annotation " + Keys.ENGINE_PORT);
    for (String flag : List.of("--peer-port", "--events-port", "--replay-port")) {
      reasons.put(flag, ours + "use annotation " + Keys.PORT_OFFSET);
    }
    reasons.put("--role", ours + "use annotation " + Keys.ROLE);
    reasons.put("--group", ours + "use annotation " + Keys.GROUP);
    reasons.put("--pool", ours + "use annotation " + Keys.POOL);
    reasons.put("--model", ours + "use annotation " + Keys.MODEL);
    reasons.put("--kv-bytes-per-token", ours + "use annotation " + Keys.KV_BYTES_PER_TOKEN);
    reasons.put("--tensor-parallel", ours + "it is vLLM's --tensor-parallel-size");
    reasons.put("--locality-file", ours + "it is where the pod's place is mounted");
    reasons.put("--kubeconfig", "a pod finds its peers with its own account");
    reasons.put("--engine-host", "a pod's engine is on the pod's loopback address");
    reasons.put("--listen-host", "a pod's router listens on all of the pod's addresses");
    reasons.put("--config", "with a file the router takes no other flag, and it needs ours");
    reasons.put("--speed-up", "it is for stand-in engines of a local run");
    return Map.copyOf(reasons);
  }

  /** What a value may be, in words and as a test. None lets a kubelet's {@code $(...)} through. */
  private record Form(String words, Predicate<String> accepts) {

    static final String NAME_CHARACTERS = "[A-Za-z0-9._-]{1,128}";

    static final Form NAME =
        new Form(
            "a name of 1 to 128 letters, digits, '-', '_' and '.'",
            value -> value.matches(NAME_CHARACTERS));

    static Form oneOf(String... choices) {
      return new Form(
          Arrays.stream(choices).collect(Collectors.joining(", ", "one of ", "")),
          List.of(choices)::contains);
    }

    static Form whole(long least) {
      return whole(least, Integer.MAX_VALUE);
    }

    static Form whole(long least, long most) {
      return new Form(
          "a whole number from %d to %d".formatted(least, most),
          value ->
              value.matches("[0-9]{1,10}")
                  && Long.parseLong(value) >= least
                  && Long.parseLong(value) <= most);
    }

    static boolean decimal(String value, double least, double most) {
      return value.matches("[0-9]{1,5}([.][0-9]{1,6})?")
          && Double.parseDouble(value) >= least
          && Double.parseDouble(value) <= most;
    }

    static boolean isAddressRange(String value) {
      int slash = value.indexOf('/');
      if (slash < 0) {
        return addressBits(value) > 0;
      }
      String bits = value.substring(slash + 1);
      return bits.matches("[0-9]{1,3}")
          && Integer.parseInt(bits) <= addressBits(value.substring(0, slash));
    }

    /** Bits of a literal address; -1 where it is none. */
    static int addressBits(String value) {
      if (!value.matches("[0-9]{1,3}([.][0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
        return -1;
      }
      try {
        return InetAddress.ofLiteral(value).getAddress().length * 8;
      } catch (IllegalArgumentException e) {
        return -1;
      }
    }
  }
}
