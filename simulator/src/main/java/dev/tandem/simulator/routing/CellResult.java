package dev.tandem.simulator.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * What one policy made of one trace on one fleet, over the requests after the first fifth.
 *
 * @param policy who routed
 * @param trace what came
 * @param instances engines
 * @param cacheBlocks blocks of 512 tokens an engine's cache holds
 * @param load share of the time engines would spend on prompts if nothing were ever cached
 * @param hit cached share of all prompt tokens
 * @param ttftMean mean seconds from arrival to first token
 * @param ttftP50 half come within this many seconds
 * @param ttftP90 nine in ten
 * @param ttftP99 ninety-nine in a hundred
 * @param imbalance prompt seconds of the busiest engine over the mean of all
 * @param tokenMean mean seconds from token to token of an answer; null in the reference model,
 *     where it is the same for all
 */
@JsonPropertyOrder({
  "policy",
  "trace",
  "instances",
  "cacheBlocks",
  "load",
  "hit",
  "ttftMean",
  "ttftP50",
  "ttftP90",
  "ttftP99",
  "imbalance",
  "tokenMean"
})
public record CellResult(
    String policy,
    String trace,
    int instances,
    int cacheBlocks,
    double load,
    double hit,
    double ttftMean,
    double ttftP50,
    double ttftP90,
    double ttftP99,
    double imbalance,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double tokenMean) {}
