package dev.faultline.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import dev.faultline.request.Payload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what Helidon refuses before it is a request: bad request lines, bad headers, too many of them.
final class PlainErrors implements DirectHandler {
  private static final Logger LOG = LoggerFactory.getLogger(PlainErrors.class);

  /// Where the answer is a status alone: Helidon 4.5.0 would announce the length of our body and send its own sentence.
  private static final String HTTP_2 = "2";

  private final RequestIds ids;

  PlainErrors(RequestIds ids) {
    this.ids = ids;
  }

  @Override
  public TransportResponse handle(
      TransportRequest request, EventType eventType, Status status, ServerResponseHeaders headers, @org.jspecify.annotations.Nullable String message) {
    String id = ids.next().value();
    String reason = status.code() >= 500 ? "Faultline itself failed [" + id + "]" : "not a request that HTTP allows: " + message;
    LOG.info("request {} refused before routing: {} {} {}", id, status.code(), eventType, message);
    headers.set(HeaderValues.create(CallIds.X_REQUEST_ID, id));
    TransportResponse.Builder response = TransportResponse.builder().status(status).headers(headers);
    return request.protocolVersion().startsWith(HTTP_2) ? response.build() : withBody(response, headers, status, reason);
  }

  private static TransportResponse withBody(TransportResponse.Builder response, ServerResponseHeaders headers, Status status, String reason) {
    Payload body = Answer.error(status.code(), reason).payload();
    headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, body.contentType()));
    headers.set(HeaderValues.CONNECTION_CLOSE);
    return response.headers(headers).entity(body.copyOfBytes()).keepAlive(false).build();
  }
}
