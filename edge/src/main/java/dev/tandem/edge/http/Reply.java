package dev.tandem.edge.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A whole answer to an HTTP request.
 *
 * @param status of HTTP
 * @param type of the content
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; made for one answer
public record Reply(int status, String type, byte[] body) {
  /** Type of JSON content. */
  public static final String JSON = "application/json";

  /** A sentence for people. */
  public static Reply text(int status, String sentence) {
    return new Reply(status, "text/plain", sentence.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON as UTF-8. */
  public static Reply json(int status, byte[] body) {
    return new Reply(status, JSON, body);
  }

  /** Sends it with its length, since Jetty would send a long one in chunks. */
  public void send(Response response, Callback sent) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), sent);
  }
}
