package dev.tandem.cli.page;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which of the two runs that the page compares a value belongs to. */
public enum Run {
  /** Tandem places the pods and routes the requests. */
  TANDEM,
  /** The same requests on the same cluster with default placement and round-robin routing. */
  BASELINE;

  /** The word used on the wire: {@code tandem} or {@code baseline}. */
  @JsonValue
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
