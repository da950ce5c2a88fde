package dev.tandem.edge.http;

import java.util.Map;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what Kubernetes posts and hands on whatever else comes. It stands before the servlets
 * that serve people and probes: their sessions, routes and contexts are half of what a call costs
 * in HTTP, and a pod waits for every call. Safe for many threads; a request is served by the thread
 * it comes on, which may wait for the body.
 */
public final class Endpoints extends Handler.Wrapper {
  private static final Logger log = LoggerFactory.getLogger(Endpoints.class);

  private final Map<String, Endpoint> endpoints;

  /** Reads one request, which may wait for its body, and answers it. */
  @FunctionalInterface
  public interface Endpoint {
    Reply serve(Request request);
  }

  /**
   * @param endpoints by path
   */
  public Endpoints(Map<String, Endpoint> endpoints) {
    this.endpoints = Map.copyOf(endpoints);
  }

  @Override
  public boolean handle(Request request, Response response, Callback sent) throws Exception {
    Endpoint endpoint = endpoints.get(Request.getPathInContext(request));
    if (endpoint == null || !HttpMethod.POST.is(request.getMethod())) {
      return super.handle(request, response, sent);
    }
    answer(endpoint, request).send(response, sent);
    return true;
  }

  private static Reply answer(Endpoint endpoint, Request request) {
    try {
      return endpoint.serve(request);
    } catch (RuntimeException e) {
      log.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
      return Reply.text(HttpStatus.INTERNAL_SERVER_ERROR_500, "internal error");
    }
  }
}
