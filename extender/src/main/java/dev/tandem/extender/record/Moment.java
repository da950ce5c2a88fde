package dev.tandem.extender.record;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock that stands still from one call or change to the next, so that all a decision does
 * happens at the one time that is recorded with it. Set by one thread at a time, read by any.
 */
final class Moment extends Clock {
  private volatile long millis;

  Moment(long millis) {
    this.millis = millis;
  }

  void set(long now) {
    millis = now;
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("a decision knows no zone");
  }
}
