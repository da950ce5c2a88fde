package dev.tandem.extender.http;

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
 * Answers kube-scheduler's calls and hands on whatever else comes. It stands before the servlets
 * that serve people: their sessions, routes and contexts are half of what a call costs in HTTP, and
 * a pod waits for every call. Safe for many threads; a call is served by the thread it comes on.
 */
final class Calls extends Handler.Wrapper {
  private static final Logger log = LoggerFactory.getLogger(Calls.class);

  private final Map<String, CallEndpoint> endpoints;

  /**
   * @param endpoints by path
   */
  Calls(Map<String, CallEndpoint> endpoints) {
    this.endpoints = Map.copyOf(endpoints);
  }

  @Override
  public boolean handle(Request request, Response response, Callback sent) throws Exception {
    CallEndpoint endpoint = endpoints.get(Request.getPathInContext(request));
    if (endpoint == null || !HttpMethod.POST.is(request.getMethod())) {
      return super.handle(request, response, sent);
    }
    answer(endpoint, request).send(response, sent);
    return true;
  }

  private static Said answer(CallEndpoint endpoint, Request request) {
    try {
      return endpoint.serve(request);
    } catch (RuntimeException e) {
      log.error("{} {} failed", request.getMethod(), request.getHttpURI().getPath(), e);
      return Said.text(HttpStatus.INTERNAL_SERVER_ERROR_500, "internal error");
    }
  }
}
