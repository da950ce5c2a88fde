package dev.tandem.extender.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A whole answer.
 *
 * @param status of HTTP
 * @param type of the content
 * @param body not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; made for one answer
record Said(int status, String type, byte[] body) {

  static Said text(int status, String sentence) {
    return new Said(status, "text/plain", sentence.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends it with its length, since Jetty would send a long one in chunks. */
  void send(Response response, Callback sent) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), sent);
  }
}
