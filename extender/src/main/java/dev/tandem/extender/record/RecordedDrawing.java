package dev.tandem.extender.record;

import dev.tandem.extender.decide.Drawing;
import java.util.function.BooleanSupplier;

/** Notes when a generation is looked at and when it shows: calls between go by the one before. */
final class RecordedDrawing implements Drawing {
  private final Recorder recorder;

  RecordedDrawing(Recorder recorder) {
    this.recorder = recorder;
  }

  @Override
  public boolean look(BooleanSupplier step) {
    return recorder.look(step);
  }

  @Override
  public void show(Runnable step) {
    recorder.show(step);
  }
}
