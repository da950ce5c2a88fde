package dev.tandem.e2e;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits for what a cluster does in its own time; an answer of null is never what is waited for. */
final class Eventually {
  /** Generous, because a slow machine is no failure; a test that passes never waits this long. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(100);

  private Eventually() {}

  /** Repeats {@code assertions} until they pass, and fails as they last failed. */
  static void passes(Runnable assertions) {
    patiently("it holds").untilAsserted(assertions::run);
  }

  /** Asks until the answer is what is waited for, and fails with the last answer. */
  static <T> T becomes(String what, Supplier<T> question, Predicate<T> expected) {
    return patiently(what).until(question::get, expected);
  }

  /** Repeats what the cluster may still refuse, because it has not learnt of new rights yet. */
  static <T> T succeeds(Supplier<T> attempt) {
    return patiently("it is allowed")
        .ignoreExceptionsMatching(e ->
            e instanceof KubernetesClientException refusal
                && refusal.getCode() == HttpURLConnection.HTTP_FORBIDDEN)
        .until(attempt::get, answer -> true);
  }

  private static ConditionFactory patiently(String what) {
    return Awaitility.await(what)
        .dontCatchUncaughtExceptions() // of servers that are stopped meanwhile
        .pollInSameThread()
        .pollInterval(POLL)
        .atMost(PATIENCE);
  }
}
