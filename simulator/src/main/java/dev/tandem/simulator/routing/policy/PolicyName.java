package dev.tandem.simulator.routing.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every policy by the name it is chosen by. */
public enum PolicyName {
  TANDEM(Kind.BOTH, knowledge -> new Tandem(knowledge, true)),
  TANDEM_LOAD_ONLY(Kind.SPLIT, knowledge -> new Tandem(knowledge, false)),
  DECODE_FIRST_LABELS(Kind.SPLIT, DecodeFirst::new),
  RANDOM(AnyEngine::new),
  ROUND_ROBIN(InTurn::new),
  LEAST_REQUESTS(LeastRequests::new),
  LEAST_TOKENS(LeastTokens::new),
  CHASH_K1(knowledge -> new HashRing(knowledge, 1, 0)),
  CHASH_K2(knowledge -> new HashRing(knowledge, 2, 0)),
  CHWBL_K2_1_25("chwbl_k2_1.25", knowledge -> new HashRing(knowledge, 2, 1.25)),
  SESSION_STICKY(SessionSticky::new),
  PRODSTACK_PREFIXAWARE(DeepestMatch::new),
  SGLANG_0_3_64_1_5("sglang_0.3_64_1.5", knowledge -> new Sglang(knowledge, 0.3, 64, 1.5, false)),
  SGLANG_0_5_32_1_0001(
      "sglang_0.5_32_1.0001", knowledge -> new Sglang(knowledge, 0.5, 32, 1.0001, true)),
  GIE_P1_Q1_K1(knowledge -> new Gie(knowledge, 1, 1, 1, false)),
  GIE_P3_Q2_K2(knowledge -> new Gie(knowledge, 3, 2, 2, false)),
  GIE_P3_Q2_K2_EXACT(knowledge -> new Gie(knowledge, 3, 2, 2, true)),
  LLMD_P1_LOAD1(LlmdLoadAware::new),
  DYNAMO_V1(DynamoEarly::new),
  DYNAMO_W1(knowledge -> new Dynamo(knowledge, 1)),
  DYNAMO_W2(knowledge -> new Dynamo(knowledge, 2)),
  MIN_TTFT_A1(knowledge -> new MinTtft(knowledge, 1, false)),
  MIN_TTFT_A2(knowledge -> new MinTtft(knowledge, 2, false)),
  MIN_TTFT_A4(knowledge -> new MinTtft(knowledge, 4, false)),
  MIN_TTFT_A2_EXACT(knowledge -> new MinTtft(knowledge, 2, true)),
  ORACLE_GREEDY(OracleGreedy::new);

  private enum Kind {
    ONE_POOL,
    SPLIT,
    BOTH
  }

  private final String label;
  private final Kind kind;
  private final Function<Knowledge, RoutingPolicy> maker;

  PolicyName(Function<Knowledge, RoutingPolicy> maker) {
    this(Kind.ONE_POOL, maker);
  }

  PolicyName(Kind kind, Function<Knowledge, RoutingPolicy> maker) {
    this.label = name().toLowerCase(Locale.ROOT);
    this.kind = kind;
    this.maker = maker;
  }

  PolicyName(String label, Function<Knowledge, RoutingPolicy> maker) {
    this.label = label;
    this.kind = Kind.ONE_POOL;
    this.maker = maker;
  }

  /** The value of the flag, and the name in results. */
  public String label() {
    return label;
  }

  /** Whether it knows what no router can. */
  public boolean oracle() {
    return this == ORACLE_GREEDY;
  }

  /** Whether it can choose between prefill and decode pools, or among engines that do both. */
  public boolean routes(boolean split) {
    return kind == Kind.BOTH || (kind == Kind.SPLIT) == split;
  }

  /** Those that route so, in order. */
  public static List<PolicyName> all(boolean split) {
    return Arrays.stream(values()).filter(policy -> policy.routes(split)).toList();
  }

  /** One router's policy. */
  public RoutingPolicy policy(Knowledge knowledge) {
    return maker.apply(knowledge);
  }

  /**
   * The policy with this label.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public static PolicyName parse(String label) {
    for (PolicyName policy : values()) {
      if (policy.label.equals(label)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "policy: "
            + label
            + "; accepted: "
            + Arrays.stream(values()).map(PolicyName::label).collect(Collectors.joining(", ")));
  }
}
