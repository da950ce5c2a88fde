package dev.tandem.router.choose;

/** Prefill and decode together, by the predicted first token. Stateless. */
public final class Tandem implements Preference {

  private final Weights weights;
  private final Predictor predictor;

  public Tandem(Weights weights, Predictor predictor) {
    this.weights = weights;
    this.predictor = predictor;
  }

  @Override
  public void predict(Demand demand, Ways ways) {
    predictor.cost(demand, ways);
  }

  /** Among those within the noise of the least, the one with fewest requests in flight. */
  @Override
  public int pick(Demand demand, Ways ways) {
    double least = ways.least();
    return ways.leastBusy(least + Math.max(weights.noiseSeconds(), weights.noiseShare() * least));
  }
}
