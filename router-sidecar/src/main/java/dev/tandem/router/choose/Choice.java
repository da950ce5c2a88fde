package dev.tandem.router.choose;

import java.util.List;

/** The outcome of a choice. */
public sealed interface Choice {

  /** Why it came out so, in words: what a prediction is made of, or what stands in the way. */
  List<String> reasons();

  /** Prefill on one engine, decode on another. */
  record Pair(Candidate prefill, Candidate decode, Prediction prediction) implements Choice {
    @Override
    public List<String> reasons() {
      return prediction.parts(prefill.name(), decode.name());
    }
  }

  /** One engine does both. */
  record Alone(Candidate engine, Prediction prediction) implements Choice {
    @Override
    public List<String> reasons() {
      return prediction.parts(engine.name(), engine.name());
    }
  }

  /**
   * Engines are there, and every one is full.
   *
   * @param reasons name them
   * @param seconds until the first of them has computed the prompts it has; 0 or more, and no
   *     promise: how long answers will be nobody knows
   */
  record Saturated(List<String> reasons, double seconds) implements Choice {
    public Saturated {
      reasons = List.copyOf(reasons);
    }
  }

  /** No engine is there for this request; the reasons say what was looked at. */
  record None(List<String> reasons) implements Choice {
    public None {
      reasons = List.copyOf(reasons);
    }
  }
}
