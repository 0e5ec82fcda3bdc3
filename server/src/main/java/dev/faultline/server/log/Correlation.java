package dev.faultline.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.serving.current.CurrentRequest.Tag;
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
      CurrentRequest.find().filter(tag -> !tag.request().isEmpty()).ifPresent(tag -> line.setMDCPropertyMap(of(tag)));
    }
  }

  static Map<String, String> of(Tag tag) {
    return tag.trace().isEmpty() ? Map.of(REQUEST_ID, tag.request()) : Map.of(REQUEST_ID, tag.request(), TRACE_ID, tag.trace(), SPAN_ID, tag.span());
  }
}
