package dev.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class OneLineErrorsTest {

  @Command(name = "fails")
  private static final class Fails implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new IllegalStateException("while reading\n  line 2\n at [Source: (StringReader)]\n");
    }
  }

  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(new Fails())
          .setParameterExceptionHandler(new OneLineErrors())
          .setExecutionExceptionHandler(new OneLineErrors())
          .setErr(new PrintWriter(err));

  @Test
  void anUnknownFlagIsNamedWithTheNextStepAndWithoutTheWholeUsage() {
    assertThat(command.execute("--bogus")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "fails: Unknown option: '--bogus'", "  'fails --help' lists what it takes");
  }

  @Test
  void aFailureIsOneLineWithoutATrace() {
    assertThat(command.execute()).isEqualTo(1);
    assertThat(err.toString().lines()).hasSize(2).first().isEqualTo("fails: while reading line 2");
  }
}
