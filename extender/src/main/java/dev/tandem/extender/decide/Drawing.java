package dev.tandem.extender.decide;

import java.util.function.BooleanSupplier;

/**
 * Runs the two short steps of drawing a generation of nodes, so that one who cares can order them
 * with everything else that happens. Called by the drawing thread.
 */
public interface Drawing {

  /** Runs the step that looks which nodes there are; true if any changed since the last look. */
  boolean look(BooleanSupplier step);

  /** Runs the step from which on questions see what was drawn. */
  void show(Runnable step);

  /** In no order with anything. */
  static Drawing unordered() {
    return new Drawing() {
      @Override
      public boolean look(BooleanSupplier step) {
        return step.getAsBoolean();
      }

      @Override
      public void show(Runnable step) {
        step.run();
      }
    };
  }
}
