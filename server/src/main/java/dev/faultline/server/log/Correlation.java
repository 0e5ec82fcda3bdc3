package dev.faultline.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.faultline.request.Arrival;
import dev.faultline.serving.CurrentRequest;
import java.util.Map;

/// The names by which lines of the log are brought together with their request.
public final class Correlation {
  public static final String REQUEST_ID = "request_id";
  public static final String TRACE_ID = "trace_id";
  public static final String SPAN_ID = "span_id";

  private Correlation() {}

  /// Notes on a line which request its thread works for. A request's own line says it by itself.
  static void note(ILoggingEvent event) {
    if (event instanceof LoggingEvent line && OutcomeLine.find(event).isEmpty()) {
      CurrentRequest.find().ifPresent(arrival -> line.setMDCPropertyMap(of(arrival)));
    }
  }

  static Map<String, String> of(Arrival arrival) {
    String id = arrival.id().value();
    return arrival.trace().isNone()
        ? Map.of(REQUEST_ID, id)
        : Map.of(REQUEST_ID, id, TRACE_ID, arrival.traceId(), SPAN_ID, arrival.spanId());
  }
}
