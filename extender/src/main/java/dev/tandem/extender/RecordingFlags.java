package dev.tandem.extender;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@link Recording}. */
final class RecordingFlags {
  private static final Recording DEFAULTS = Recording.defaults();

  @Option(
      names = "--record",
      paramLabel = "DIR",
      description =
          "Keep what is seen and answered in files of this folder, for 'tandem replay DIR';"
              + " default: nothing is kept.")
  private @Nullable Path folder;

  @Option(
      names = "--record-megabytes",
      paramLabel = "N",
      description = "Most these files take together; the oldest make way (default: 512).")
  private int megabytes = DEFAULTS.megabytes();

  Recording recording() {
    return new Recording(folder, megabytes);
  }
}
