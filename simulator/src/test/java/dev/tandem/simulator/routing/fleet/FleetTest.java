package dev.tandem.simulator.routing.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.api.LocalityPath;
import dev.tandem.api.ModelFacts;
import dev.tandem.api.TransferCost;
import dev.tandem.simulator.routing.policy.RoutingPolicy;
import dev.tandem.simulator.routing.state.EngineLoads;
import dev.tandem.simulator.routing.state.Route;
import dev.tandem.simulator.routing.state.Sites;
import dev.tandem.simulator.routing.trace.Request;
import dev.tandem.simulator.routing.trace.Trace;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The model itself, on requests few enough to reckon by hand. */
class FleetTest {
  private static final Offset<Double> EXACT = within(1e-9);

  private static Request request(int index, int blocks, int output, int session, double gap) {
    return new Request(
        index,
        Request.BLOCK_TOKENS * blocks,
        output,
        IntStream.range(0, blocks).map(b -> 100 * index + b).toArray(),
        session,
        gap);
  }

  private static Request request(int index, int blocks, int output) {
    return request(index, blocks, output, -1, Double.NaN);
  }

  /** Everything to the first engine, or from it to the second. */
  private static Outcomes run(
      int stepTokens, Pace pace, @Nullable Sites sites, Request... requests) {
    Trace trace = new Trace("t", List.of(requests), new double[requests.length], 10_000);
    RoutingPolicy policy =
        (request, at) ->
            sites == null
                ? Route.alone(request, 0, request.inputTokens(), at)
                : new Route(request, 0, 1, request.inputTokens(), at);
    FleetSpec spec =
        new FleetSpec(
            sites == null ? 1 : 2,
            EngineSpec.reference(1000),
            stepTokens,
            pace,
            Hearsay.NONE,
            Faults.NONE,
            sites,
            1);
    return new Fleet(
            trace,
            spec,
            (truth, clock, number) -> new Router(new EngineLoads(spec.engines()), policy))
        .run();
  }

  private static Outcomes run(int stepTokens, Request... requests) {
    return run(stepTokens, new Pace(1, 0), null, requests);
  }

  @Test
  void promptsAreComputedOneAfterTheOther() {
    Outcomes outcomes = run(0, request(0, 10, 100), request(1, 10, 100));

    double one = 0.010 + 5120 / 8000.0;
    assertThat(outcomes.firstTokenSeconds(0)).isEqualTo(one, EXACT);
    assertThat(outcomes.firstTokenSeconds(1)).isEqualTo(2 * one, EXACT);
  }

  @Test
  void aTurnComesItsGapAfterTheAnswerBeforeIt() {
    Outcomes outcomes = run(0, request(0, 10, 100, 0, Double.NaN), request(1, 10, 100, 0, 4));

    double answered = 0.010 + 5120 / 8000.0 + 100 * 0.025;
    assertThat(outcomes.arrival(1)).isEqualTo(answered + 4, EXACT);
  }

  @Test
  void onlySoManySessionsAreOpenAtOnce() {
    Outcomes outcomes =
        run(
            0,
            new Pace(1, 1),
            null,
            request(0, 10, 100, 0, Double.NaN),
            request(1, 10, 100, 1, Double.NaN));

    assertThat(outcomes.arrival(1)).isEqualTo(0.010 + 5120 / 8000.0 + 2.5, EXACT);
  }

  @Test
  void inStepsAPromptIsComputedInChunksAndAnswersSlowItDown() {
    // 8 blocks are two steps of 2048 tokens; the answer of the first prompt takes part in the
    // second's.
    Outcomes outcomes = run(2048, request(0, 4, 1000), request(1, 8, 1));

    double step = 0.010 + 2048 / 8000.0;
    double stream = (0.025 - 0.010) / 128;
    assertThat(outcomes.firstTokenSeconds(0)).isEqualTo(step, EXACT);
    // One token of each step's budget is the answer's, so two tokens are left for a third step.
    double second = 2 * (0.010 + 2047 / 8000.0 + stream) + 0.010 + 2 / 8000.0 + stream;
    assertThat(outcomes.firstTokenSeconds(1)).isEqualTo(step + second, EXACT);
  }

  private static Sites sites(String first, String second) {
    return new Sites(
        1,
        List.of(path(first), path(second)),
        TransferCost.defaults(),
        ModelFacts.of("llama-3-70b"),
        8,
        2);
  }

  private static LocalityPath path(String text) {
    return ((LocalityPath.Valid) LocalityPath.parse(text)).path();
  }

  @Test
  void theFirstTokenOfASplitRequestWaitsForItsCache() {
    Sites sites = sites("core=c@12.5/rdma,leaf=a@50/rdma", "core=c@12.5/rdma,leaf=b@50/rdma");
    Outcomes outcomes = run(0, new Pace(1, 0), sites, request(0, 10, 1));

    double bytes = 5120 * 327_680.0 / 8;
    double transfer = 600e-6 + 320 * 80 * 0.0085e-6 + bytes / (12.5e9 * 0.86);
    assertThat(outcomes.firstTokenSeconds(0)).isEqualTo(0.010 + 5120 / 8000.0 + transfer, EXACT);
  }
}
