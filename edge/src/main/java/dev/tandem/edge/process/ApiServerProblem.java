package dev.tandem.edge.process;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;

/** In one line, what an API server answered to a call, or why it did not. */
public final class ApiServerProblem {

  private ApiServerProblem() {}

  /** The client's own words name the call only, where there was no answer: the cause is added. */
  public static String of(KubernetesClientException problem) {
    String call = String.valueOf(problem.getMessage());
    Throwable cause = cause(problem);
    if (problem.getStatus() != null || cause == null) {
      return call;
    }
    boolean unreached = cause instanceof ConnectException || cause instanceof HttpTimeoutException;
    return call
        + " ("
        + cause
        + (unreached ? "; check the address, and that this network reaches it)" : ")");
  }

  /** The first that is more than a wrapper. */
  private static @Nullable Throwable cause(KubernetesClientException problem) {
    Throwable cause = problem.getCause();
    while (cause instanceof KubernetesClientException
        || (cause != null && cause.getClass() == IOException.class && cause.getCause() != null)) {
      cause = cause.getCause();
    }
    return cause;
  }
}
