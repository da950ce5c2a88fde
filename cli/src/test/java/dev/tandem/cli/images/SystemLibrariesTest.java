package dev.tandem.cli.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class SystemLibrariesTest {

  @Test
  void filesAreReadFromWhatLddPrints() {
    String ldd =
        """
        \tlinux-vdso.so.1 (0x00007ffd2b3c5000)
        \tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f0a5b3e6000)
        \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0a5b000000)
        \t/lib64/ld-linux-x86-64.so.2 (0x00007f0a5b41b000)
        """;

    assertThat(SystemLibraries.listed(ldd))
        .containsExactly(
            Path.of("/lib/x86_64-linux-gnu/libz.so.1"),
            Path.of("/lib/x86_64-linux-gnu/libc.so.6"),
            Path.of("/lib64/ld-linux-x86-64.so.2"));
  }

  @Test
  void aStaticBinaryNeedsNone() {
    assertThat(SystemLibraries.listed("\tstatically linked\n")).isEmpty();
  }
}
