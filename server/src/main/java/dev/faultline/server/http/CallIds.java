package dev.faultline.server.http;

import dev.faultline.request.RequestId;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a request is called: its id, and the trace and span it belongs to (W3C hex, empty when there are none or they are malformed).
///
/// The id is the caller's `X-Request-Id`, else its `Ce-Id`, else its trace id, else a new UUIDv7; one that is not well-formed counts
/// as not given.
public record CallIds(RequestId id, String traceId, String spanId) {
  static final HeaderName X_REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final String OWN = "x-request-id";
  private static final String CE_ID = "ce-id";
  private static final String TRACEPARENT = "traceparent";
  private static final Pattern PARENT = Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

  static CallIds of(ServerRequest request, RequestIds minted) {
    return of(name -> Call.header(request, HeaderNames.create(name)), minted);
  }

  /// @param headers the value of a header by its name in lower case, or the empty text
  public static CallIds of(UnaryOperator<String> headers, RequestIds minted) {
    Matcher parent = PARENT.matcher(headers.apply(TRACEPARENT));
    boolean traced = parent.matches();
    String traceId = traced ? parent.group(1) : "";
    return new CallIds(id(headers, traceId, minted), traceId, traced ? parent.group(2) : "");
  }

  private static RequestId id(UnaryOperator<String> headers, String traceId, RequestIds minted) {
    String own = headers.apply(OWN);
    if (RequestId.isWellFormed(own)) {
      return new RequestId(own);
    }
    String event = headers.apply(CE_ID);
    if (RequestId.isWellFormed(event)) {
      return new RequestId(event);
    }
    return traceId.isEmpty() ? minted.next() : new RequestId(traceId);
  }
}
