package dev.tandem.router.choose;

/**
 * What a choice is expected to cost.
 *
 * @param seconds predicted time to the first token, without the weights that express what a choice
 *     costs others
 * @param cost what was minimised: the same with the weights, in seconds
 * @param transferBytes cache bytes to move
 * @param uncachedTokens prompt tokens to compute
 */
public record Prediction(double seconds, double cost, long transferBytes, long uncachedTokens) {}
