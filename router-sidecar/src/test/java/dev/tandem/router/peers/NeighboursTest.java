package dev.tandem.router.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.router.Pods;
import dev.tandem.router.engine.EngineStatus;
import dev.tandem.router.engine.TransferTotals;
import dev.tandem.router.index.Tier;
import dev.tandem.router.prefix.PrefixBlocks;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one sidecar knows comes to be known by all, over real connections. */
class NeighboursTest {

  private static final long SEED = PrefixBlocks.seed("m", null);

  private static long[] prompt(int number, int blocks) {
    return PrefixBlocks.of(
        IntStream.range(0, 64 * blocks).map(i -> i + 1_000_000 * number).toArray(), SEED);
  }

  private static void eventuallyAll(
      Neighbours all, String what, java.util.function.Predicate<Neighbours.Node> holds) {
    for (Neighbours.Node node : all.nodes) {
      Neighbours.eventually(node.self.name() + ": " + what, () -> node.ask(() -> holds.test(node)));
    }
  }

  @Test
  void sixtyFourSidecarsComeToKnowTheSame() {
    try (Neighbours all = new Neighbours(64)) {
      for (int i = 0; i < 64; i++) {
        int number = i;
        long[] prompt = prompt(i, 20);
        all.nodes
            .get(i)
            .tell(view -> {
              view.routed(view.nextId(), null, "n" + (number + 1) % 64, 1_280, prompt);
              view.ownStatus(new EngineStatus(number, 1, 0.5, false, 640_000, 16));
            });
      }
      eventuallyAll(all, "every request", node -> node.view.load().size() == 64);
      eventuallyAll(
          all,
          "every status",
          node ->
              IntStream.range(0, 64)
                  .allMatch(i -> {
                    EngineStatus status = node.view.status("n" + i);
                    return status != null && status.running() == i;
                  }));
      eventuallyAll(
          all,
          "every prompt",
          node ->
              IntStream.range(0, 64)
                  .allMatch(
                      i -> node.index.leadingBlocks("n" + (i + 1) % 64, prompt(i, 20)) == 20));
    }
  }

  @Test
  void whatAnEngineTellsOfItsCacheIsKnownEverywhere() {
    try (Neighbours all = new Neighbours(3)) {
      long[] prompt = prompt(1, 10);
      all.nodes
          .getFirst()
          .tell(view -> {
            view.ownStored(Tier.GPU, new long[0]);
            view.ownStored(Tier.GPU, prompt);
          });
      eventuallyAll(all, "stored", node -> node.index.leadingBlocks("n0", prompt) == 10);
      all.nodes.getFirst().tell(view -> view.ownRemoved(Tier.GPU, new long[] {prompt[9]}));
      eventuallyAll(all, "removed", node -> node.index.leadingBlocks("n0", prompt) == 9);
      all.nodes.getFirst().tell(PoolView::ownReset);
      eventuallyAll(all, "cleared", node -> node.index.leadingBlocks("n0", prompt) == 0);
    }
  }

  @Test
  void whatIsRoutedToAnEngineThatTellsCountsUntilTheRequestIsOver() {
    try (Neighbours all = new Neighbours(2)) {
      long[] prompt = prompt(1, 10);
      Neighbours.Node first = all.nodes.getFirst();
      first.tell(view -> view.ownStored(Tier.GPU, new long[0]));
      eventuallyAll(all, "it tells", node -> node.index.exact("n0"));
      all.nodes.get(1).tell(view -> view.routed("id", null, "n0", 640, prompt));
      eventuallyAll(all, "promised", node -> node.index.leadingBlocks("n0", prompt) == 10);
      all.nodes.get(1).tell(view -> view.finished("id"));
      eventuallyAll(all, "over", node -> node.index.leadingBlocks("n0", prompt) == 0);
    }
  }

  @Test
  void aSleepingEngineHoldsNothingAndIsTheLastResort() {
    try (Neighbours all = new Neighbours(2)) {
      long[] prompt = prompt(1, 10);
      all.nodes
          .getFirst()
          .tell(view -> {
            view.ownStored(Tier.GPU, prompt);
            view.ownStatus(new EngineStatus(0, 0, 0, true, 0, 0));
          });
      eventuallyAll(
          all,
          "asleep",
          node ->
              node.index.leadingBlocks("n0", prompt) == 0
                  && node.view.candidates(prompt, Set.of()).stream()
                      .noneMatch(candidate -> candidate.name().equals("n0")));
    }
  }

  @Test
  void aSilentPeerIsGoneUntilItSpeaks() {
    try (Neighbours all = new Neighbours(3)) {
      Neighbours.Node silent = all.nodes.getFirst();
      Neighbours.Node other = all.nodes.get(1);
      silent.silence();
      Neighbours.eventually(
          "it is gone",
          () ->
              other.ask(() -> other.view.candidates(new long[0], Set.of())).stream()
                  .noneMatch(engine -> engine.name().equals("n0")));
      silent.speak();
      Neighbours.eventually(
          "it is back",
          () -> other.ask(() -> other.view.candidates(new long[0], Set.of())).size() == 3);
    }
  }

  private record Ear(List<String> heard) implements Transfers {
    @Override
    public void fetching(Peer from, Peer to, long tokens) {
      heard.add(from.name() + " to " + to.name() + " " + tokens);
    }

    @Override
    public void fetched(String engine, TransferTotals added) {
      heard.add(engine + added.bytes());
    }

    @Override
    public void gone(String engine) {}
  }

  @Test
  void transfersReachWhoLearnsFromThem() {
    try (Neighbours all = new Neighbours(2)) {
      List<String> heard = new CopyOnWriteArrayList<>();
      Neighbours.Node other = all.nodes.get(1);
      other.tell(view -> view.onTransfers(new Ear(heard)));
      all.nodes
          .getFirst()
          .tell(view -> view.ownTransferred(new TransferTotals(1, 0.5, 0.1, 4096, 2)));
      Neighbours.eventually("the transfer", () -> heard.contains("n04096.0"));
    }
  }

  @Test
  void everyoneHearsThatACacheIsFetchedOnceItsPromptIsComputed() {
    try (Neighbours all = new Neighbours(2)) {
      List<String> heard = new CopyOnWriteArrayList<>();
      all.nodes.get(1).tell(view -> view.onTransfers(new Ear(heard)));
      all.nodes
          .getFirst()
          .tell(view -> {
            view.routed("r", "n0", "n1", 500, prompt(1, 10));
            view.routed("alone", null, "n1", 500, prompt(1, 10));
            view.prefilled("alone");
            view.prefilled("r");
            view.prefilled("r");
            view.ownTransferred(new TransferTotals(1, 0.5, 0.1, 4096, 2));
          });
      Pods.eventually("the transfer", () -> heard.size() > 1);
      assertThat(heard).containsExactly("n0 to n1 500", "n04096.0");
    }
  }

  @Test
  void aSidecarThatCameLateIsToldEverything() {
    try (Neighbours all = new Neighbours(2)) {
      long[] prompt = prompt(1, 10);
      Neighbours.Node first = all.nodes.getFirst();
      Neighbours.Node second = all.nodes.get(1);
      first.tell(view -> {
        view.ownStored(Tier.GPU, prompt);
        view.ownStored(Tier.CPU, prompt);
        view.ownStatus(new EngineStatus(7, 0, 0, false, 0, 0));
        view.routed("id", null, "n1", 100, prompt);
      });
      eventuallyAll(all, "known", node -> node.view.load().size() == 1);
      // As after a restart of the second: what it had is void, and its reader has no place.
      second.ask(() -> {
        second.index.clear("n0");
        second.view.load().forget("n0");
        second.view.startOver("n0");
        return true;
      });
      eventuallyAll(
          all,
          "all of it again",
          node ->
              node.view.load().size() == 1
                  && node.index.leadingBlocks("n0", prompt) == 10
                  && node.index.exact("n0"));
    }
  }

  @Test
  void aReaderWhoseConnectionBrokeGoesOnWhereItWas() {
    try (Neighbours all = new Neighbours(2)) {
      Neighbours.Node first = all.nodes.getFirst();
      Neighbours.Node second = all.nodes.get(1);
      for (int i = 0; i < 50; i++) {
        String id = "r" + i;
        first.tell(view -> view.routed(id, null, "n1", 1, prompt(1, 2)));
      }
      Neighbours.eventually("fifty", () -> second.ask(() -> second.view.load().size() == 50));
      int before = first.resumed;
      first.cut();
      for (int i = 50; i < 80; i++) {
        String id = "r" + i;
        first.tell(view -> view.routed(id, null, "n1", 1, prompt(1, 2)));
      }
      Neighbours.eventually("eighty", () -> second.ask(() -> second.view.load().size() == 80));
      assertThat(first.resumed).isGreaterThan(before);
      // A snapshot begins by forgetting; going on does not.
      first.tell(view -> view.finished("r0"));
      Neighbours.eventually("one over", () -> second.ask(() -> second.view.load().size() == 79));
    }
  }

  @Test
  void aReaderThatIsTooLateStartsOver() {
    try (Neighbours all = new Neighbours(2)) {
      Neighbours.Node first = all.nodes.getFirst();
      Neighbours.Node second = all.nodes.get(1);
      long[] large = ThreadLocalRandom.current().longs(20_000).toArray();
      first.cut();
      for (int i = 0; i < 30; i++) {
        String id = "r" + i;
        first.tell(view -> view.routed(id, null, "n1", 1, large));
        first.tell(view -> view.finished(id));
      }
      first.tell(view -> view.routed("last", null, "n1", 1, large));
      Neighbours.eventually("the last", () -> second.ask(() -> second.view.load().size() == 1));
    }
  }
}
