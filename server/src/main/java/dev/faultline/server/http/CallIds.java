package dev.faultline.server.http;

import dev.faultline.request.RequestId;
import dev.faultline.request.TraceContext;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a request is called: its id, and the trace it belongs to. A `traceparent` that is malformed counts as none.
///
/// The id is the caller's `X-Request-Id`, else its `Ce-Id`, else its trace id, else a new UUIDv7; one that is not well-formed counts
/// as not given.
public record CallIds(RequestId id, TraceContext trace) {
  static final HeaderName X_REQUEST_ID = HeaderNames.create("X-Request-Id");
  private static final String OWN = "x-request-id";
  private static final String CE_ID = "ce-id";
  private static final String TRACEPARENT = "traceparent";
  private static final String TRACESTATE = "tracestate";
  private static final String BAGGAGE = "baggage";
  private static final Pattern PARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  static CallIds of(ServerRequest request, RequestIds minted) {
    return of(name -> Call.header(request, HeaderNames.create(name)), minted);
  }

  /// @param headers the value of a header by its name in lower case, or the empty text
  public static CallIds of(UnaryOperator<String> headers, RequestIds minted) {
    TraceContext caller = caller(headers);
    return new CallIds(id(headers, caller.traceId(), minted), minted.enter(caller));
  }

  /// Another request of the same caller in the same trace, as on a stream.
  public CallIds another(RequestIds minted) {
    var caller = new TraceContext(trace.traceId(), trace.parentId(), trace.parentId(), trace.flags(), trace.state(), trace.baggage());
    boolean begunHere = trace.parentId().isEmpty();
    return new CallIds(minted.next(), minted.enter(begunHere ? TraceContext.NONE : caller));
  }

  private static TraceContext caller(UnaryOperator<String> headers) {
    String baggage = CarriedContext.baggage(headers.apply(BAGGAGE));
    Matcher parent = PARENT.matcher(headers.apply(TRACEPARENT));
    if (!parent.matches()) {
      return baggage.isEmpty() ? TraceContext.NONE : new TraceContext("", "", "", 0, "", baggage);
    }
    String span = parent.group(2);
    int flags = HexFormat.fromHexDigits(parent.group(3));
    return new TraceContext(parent.group(1), span, span, flags, CarriedContext.state(headers.apply(TRACESTATE)), baggage);
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
