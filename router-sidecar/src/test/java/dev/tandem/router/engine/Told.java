package dev.tandem.router.engine;

import java.util.ArrayList;
import java.util.List;

/** What a watch told, in words. */
final class Told implements EngineWatch.Listener {

  final List<Object> told = new ArrayList<>();

  @Override
  public void status(EngineStatus now) {
    told.add(now);
  }

  @Override
  public void transferred(TransferTotals added) {
    told.add(added);
  }

  @Override
  public void ranks(int count) {
    told.add(count + " ranks");
  }

  @Override
  public void worked() {
    told.add("worked");
  }

  @Override
  public void stale() {
    told.add("stale");
  }

  @Override
  public void restarted() {
    told.add("restarted");
  }
}
