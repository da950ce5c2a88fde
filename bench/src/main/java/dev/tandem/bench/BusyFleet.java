package dev.tandem.bench;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.Role;
import dev.tandem.api.TransferCost;
import dev.tandem.router.Policy;
import dev.tandem.router.choose.Candidate;
import dev.tandem.router.choose.Choice;
import dev.tandem.router.choose.Chooser;
import dev.tandem.router.choose.Demand;
import dev.tandem.router.choose.EngineLoad;
import dev.tandem.router.choose.Explanation;
import dev.tandem.router.choose.Fleet;
import dev.tandem.router.choose.Links;
import dev.tandem.router.choose.Weights;
import dev.tandem.router.index.ApproximateIndex;
import dev.tandem.router.index.Matches;
import dev.tandem.router.prefix.PrefixBlocks;
import dev.tandem.router.request.InferenceRequest;
import dev.tandem.router.request.RequestParser;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A hundred busy engines, each with 10,000 blocks in its cache and some with a part of the prompt
 * that is asked for again and again.
 */
final class BusyFleet {

  private static final int ENGINES = 100;
  private static final int PROMPT_BYTES = 100_000 * InferenceRequest.BYTES_PER_TOKEN + 128;
  private static final int CACHED_BLOCKS = 10_000;

  private final Random random = new Random(1);
  private final ApproximateIndex index = new ApproximateIndex(31_250);
  private final List<Candidate> engines = new ArrayList<>();
  private final Chooser chooser =
      Policy.TANDEM.chooser(
          Weights.DEFAULT,
          new Links(TransferCost.defaults(), ModelFacts.of("llama-3-70b"), 1, 1),
          0);
  private final byte[] body;
  private final Demand demand;
  private final Fleet known;

  private BusyFleet(boolean split) {
    body = body();
    demand = demand(read(body));
    for (int i = 0; i < ENGINES; i++) {
      Role role = !split ? Role.BOTH : i < ENGINES / 2 ? Role.PREFILL : Role.DECODE;
      Candidate engine =
          Candidate.idle("engine-%02d".formatted(i), role, split ? "g" : null, "llama")
              .withLocality(place(i))
              .withLoad(
                  new EngineLoad(random.nextInt(40_000), random.nextInt(4), random.nextInt(60)));
      engines.add(engine);
      index.add(engine.name(), random.longs(CACHED_BLOCKS).toArray());
      int part = i % 3 == 0 ? 0 : random.nextInt(demand.blocks().length);
      index.add(engine.name(), Arrays.copyOf(demand.blocks(), part));
    }
    known = Fleet.of(candidates());
  }

  static BusyFleet of(String pools) {
    return new BusyFleet(pools.contains("x"));
  }

  Choice choose() {
    return chooser.choose(demand, known);
  }

  Choice lookUpAndChoose() {
    return chooser.choose(demand, Fleet.of(candidates()));
  }

  Choice readAndChoose() {
    Demand read = demand(read(body));
    return chooser.choose(read, Fleet.of(candidates(read)));
  }

  Explanation explain() {
    return chooser.explain(demand, known, 16);
  }

  private List<Candidate> candidates() {
    return candidates(demand);
  }

  private List<Candidate> candidates(Demand asked) {
    Matches matches = index.match(asked.blocks());
    List<Candidate> now = new ArrayList<>(engines.size());
    for (Candidate engine : engines) {
      now.add(
          engine.withCachedTokens(
              (long) matches.blocks(engine.name()) * PrefixBlocks.BLOCK_TOKENS));
    }
    return now;
  }

  private static InferenceRequest read(byte[] body) {
    return switch (RequestParser.parse(body)) {
      case RequestParser.Parsed.Valid valid -> valid.request();
      case RequestParser.Parsed.Invalid invalid ->
          throw new IllegalStateException(invalid.error().message());
    };
  }

  private static Demand demand(InferenceRequest request) {
    return new Demand(
        request.model(), request.inputTokens(), request.splittable(), request.blocks(), null);
  }

  private byte[] body() {
    StringBuilder json = new StringBuilder("{\"model\":\"llama\",\"stream\":true,\"prompt\":\"");
    for (int i = 0; i < PROMPT_BYTES; i++) {
      json.append((char) ('a' + random.nextInt(26)));
    }
    return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Two spines of five leaves of ten nodes; NVLink within two nodes. */
  private static LocalityPath place(int i) {
    int leaf = i % 10;
    String path =
        "zone=z@3.1/tcp,spine=s%d@25/rdma,leaf=l%d@50/rdma,nvlink=n%d@450/mnnvl,node=h%d@50/pcie"
            .formatted(leaf % 2, leaf, i / 2, i);
    if (LocalityPath.parse(path) instanceof LocalityPath.Valid valid) {
      return valid.path();
    }
    throw new IllegalStateException(path);
  }
}
