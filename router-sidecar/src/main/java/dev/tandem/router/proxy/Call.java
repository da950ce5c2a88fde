package dev.tandem.router.proxy;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;

/**
 * One request to one upstream.
 *
 * @param name the pod, for messages
 * @param host its address
 * @param port its port
 * @param method HTTP method
 * @param uri path and query
 * @param headers headers to send
 * @param body body to send; empty for none
 * @param firstByte time until the answer, or a stream's first event, must have begun
 */
record Call(
    String name,
    String host,
    int port,
    HttpMethod method,
    String uri,
    MultiMap headers,
    Buffer body,
    Duration firstByte) {

  Call withHeaders(MultiMap other) {
    return new Call(name, host, port, method, uri, other, body, firstByte);
  }
}
