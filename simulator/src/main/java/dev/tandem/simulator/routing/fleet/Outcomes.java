package dev.tandem.simulator.routing.fleet;

import java.util.Arrays;

/** What became of each request. Not thread safe. */
public final class Outcomes {
  private final double[] arrival;
  private final double[] firstToken;
  private final int[] hitTokens;

  Outcomes(int requests) {
    arrival = new double[requests];
    firstToken = new double[requests];
    hitTokens = new int[requests];
    Arrays.fill(firstToken, Double.NaN);
  }

  void arrived(int request, double at) {
    arrival[request] = at;
  }

  void hit(int request, int tokens) {
    hitTokens[request] = tokens;
  }

  void firstToken(int request, double at) {
    firstToken[request] = at;
  }

  public double arrival(int request) {
    return arrival[request];
  }

  /** Seconds from arrival to the first token; not a number where none came. */
  public double firstTokenSeconds(int request) {
    return firstToken[request] - arrival[request];
  }

  public int hitTokens(int request) {
    return hitTokens[request];
  }

  public int size() {
    return arrival.length;
  }
}
