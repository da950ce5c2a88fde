package dev.tandem.router.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldBlocksTest {

  private static final int CAPACITY = 40;

  /** Engine to block to tiers, in plain collections: the first entry is the oldest. */
  private final Map<String, LinkedHashMap<Long, EnumMap<Tier, Boolean>>> oracle = new HashMap<>();

  private final EngineIds ids = new EngineIds();
  private final HeldBlocks held = new HeldBlocks(ids, CAPACITY, Integer.MAX_VALUE);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 20_261})
  void itBehavesAsPlainCollectionsDo(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < 4_000; step++) {
      String engine = "e" + random.nextInt(70);
      Tier tier = random.nextInt(5) == 0 ? Tier.values()[random.nextInt(3)] : Tier.GPU;
      switch (random.nextInt(8)) {
        case 0 -> remove(engine, tier, prompt(random));
        case 1 -> {
          if (random.nextInt(20) == 0) {
            held.clear(engine);
            oracle.remove(engine);
          }
        }
        case 2 -> check(prompt(random), seed, step);
        default -> add(engine, tier, prompt(random));
      }
    }
    assertThat(held.held()).isEqualTo(oracle.values().stream().mapToInt(LinkedHashMap::size).sum());
    oracle.forEach((engine, blocks) -> {
      List<Long> order = new ArrayList<>();
      LongStream.of(held.recent(engine, Tier.GPU, 1000)).forEach(order::add);
      assertThat(order)
          .containsExactlyElementsOf(
              blocks.entrySet().stream()
                  .filter(e -> e.getValue().containsKey(Tier.GPU))
                  .map(Map.Entry::getKey)
                  .toList());
    });
  }

  /** Chains from a small tree, so that prompts share beginnings and hashes share homes. */
  private static long[] prompt(Random random) {
    long[] prompt = new long[random.nextInt(30)];
    long node = 1;
    for (int i = 0; i < prompt.length; i++) {
      node = node * 31 + (random.nextInt(6) == 0 ? random.nextInt(3) : 0);
      prompt[i] = node << 32;
    }
    return prompt;
  }

  private void add(String engine, Tier tier, long[] hashes) {
    held.add(engine, tier, hashes);
    LinkedHashMap<Long, EnumMap<Tier, Boolean>> blocks =
        oracle.computeIfAbsent(engine, name -> new LinkedHashMap<>());
    for (long hash : hashes) {
      EnumMap<Tier, Boolean> tiers = blocks.remove(hash);
      if (tiers == null) {
        tiers = new EnumMap<>(Tier.class);
        if (blocks.size() == CAPACITY) {
          blocks.pollFirstEntry();
        }
      }
      tiers.put(tier, true);
      blocks.put(hash, tiers);
    }
    for (int i = hashes.length - 1; i >= 0; i--) {
      EnumMap<Tier, Boolean> tiers = blocks.remove(hashes[i]);
      if (tiers != null) {
        blocks.put(hashes[i], tiers);
      }
    }
  }

  private void remove(String engine, Tier tier, long[] hashes) {
    held.remove(engine, tier, hashes);
    LinkedHashMap<Long, EnumMap<Tier, Boolean>> blocks = oracle.get(engine);
    for (long hash : hashes) {
      EnumMap<Tier, Boolean> tiers = blocks == null ? null : blocks.get(hash);
      if (blocks != null && tiers != null) {
        tiers.remove(tier);
        if (tiers.isEmpty()) {
          blocks.remove(hash);
        }
      }
    }
  }

  private void check(long[] prompt, long seed, int step) {
    Matches matches = new Matches(ids);
    matches.reset();
    held.match(prompt, matches);
    int longest = 0;
    for (int i = 0; i < 70; i++) {
      var blocks = oracle.getOrDefault("e" + i, new LinkedHashMap<>());
      int leading = 0;
      double worth = 0;
      while (leading < prompt.length && blocks.containsKey(prompt[leading])) {
        worth += blocks.get(prompt[leading]).keySet().iterator().next().weight();
        leading++;
      }
      longest = Math.max(longest, leading);
      assertThat(matches.blocks("e" + i)).as("seed %s step %s", seed, step).isEqualTo(leading);
      assertThat(matches.worth("e" + i)).as("seed %s step %s", seed, step).isEqualTo(worth);
    }
    assertThat(matches.longest()).isEqualTo(longest);
  }

  @Test
  void atTheBoundOverAllTheEngineThatHoldsMostGivesUpItsOldest() {
    HeldBlocks bounded = new HeldBlocks(ids, 100, 10);
    bounded.add("a", Tier.GPU, new long[] {1, 2, 3, 4, 5, 6, 7, 8});
    bounded.add("b", Tier.GPU, new long[] {21, 22, 23, 24});
    assertThat(bounded.held()).isEqualTo(10);
    assertThat(bounded.recent("a", Tier.GPU, 9)).containsExactly(6, 5, 4, 3, 2, 1);
    assertThat(bounded.recent("b", Tier.GPU, 9)).containsExactly(24, 23, 22, 21);
  }
}
