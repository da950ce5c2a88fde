package dev.tandem.standin.sockets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;

class SocketLoopTest {
  /** A wake-up that comes while the loop empties its pipe must not be lost. */
  @Test
  void noTaskIsForgottenHoweverTasksAndPollsInterleave() throws Exception {
    int threads = 4;
    int tasks = 20_000;
    CountDownLatch done = new CountDownLatch(threads * tasks);
    try (SocketLoop loop = SocketLoop.start("test")) {
      for (int i = 0; i < threads; i++) {
        Thread.ofPlatform()
            .start(() -> {
              for (int task = 0; task < tasks; task++) {
                loop.execute(done::countDown);
              }
            });
      }

      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aTaskThatThrowsDoesNotEndTheLoop() throws Exception {
    try (SocketLoop loop = SocketLoop.start("test")) {
      loop.execute(() -> {
        throw new IllegalStateException("expected by the test");
      });

      assertThat(loop.call(() -> 7)).isEqualTo(7);
    }
  }

  @Test
  void whatCannotBeOpenedSaysWhy() throws Exception {
    try (SocketLoop loop = SocketLoop.start("test")) {
      assertThatThrownBy(() ->
              loop.call(() -> {
                throw new IllegalArgumentException("no such endpoint");
              }))
          .isInstanceOf(IOException.class)
          .hasMessage("no such endpoint");
    }
  }

  /** ZeroMQ's end waits for every open socket, also one nobody uses as its address was taken. */
  @Test
  void aSocketThatWasOpenedAndLeftDoesNotHoldUpTheEnd() throws Exception {
    SocketLoop loop = SocketLoop.start("test");
    loop.call(() -> loop.open(SocketType.ROUTER).bind("tcp://127.0.0.1:*"));

    loop.close();

    try (SocketLoop next = SocketLoop.start("next")) {
      assertThat(next.call(() -> 7)).isEqualTo(7);
    }
  }
}
