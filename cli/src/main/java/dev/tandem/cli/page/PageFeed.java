package dev.tandem.cli.page;

import java.util.List;

/**
 * The data behind the page, as {@link PageServer} serves it. Every method is called from many
 * threads at once, answers from memory without waiting, and returns an immutable value of that
 * moment.
 */
public interface PageFeed {

  /** The nodes and the links between them; served as {@code GET /topology}. */
  TopologyView topology();

  /**
   * The pods of both runs, ours and the baseline's, as far as they are placed; served as {@code GET
   * /placements}.
   */
  List<PlacementView> placements();

  /** Counts and times of the requests of both runs; served as {@code GET /requests}. */
  RequestsView requests();

  /** What happens to single requests, as it happens; served as {@code GET /events}. */
  EventStream events();
}
