package dev.faultline.server.telemetry;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.server.log.CorrelatingAppender;
import dev.faultline.server.log.Correlation;
import dev.faultline.server.log.OutcomeLine;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.Logger;

/// The lines of the log as log records: in the span of the request they belong to, a request's own line as a structured body.
final class LogBridge extends AppenderBase<ILoggingEvent> {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int QUEUE_CAPACITY_MAX = 4_096;
  private static final String NAME = "otlp";

  private final LoggerProvider provider;
  private final Backlog backlog;

  private LogBridge(LoggerProvider provider, Backlog backlog) {
    this.provider = provider;
    this.backlog = backlog;
  }

  /// Hears of every line from now on, on a thread of its own. Does nothing in a program that writes its log with something else.
  ///
  /// @return what ends it
  static Runnable attach(LoggerProvider provider, Backlog backlog) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return () -> {};
    }
    var bridge = new LogBridge(provider, backlog);
    bridge.setContext(context);
    bridge.start();
    AsyncAppender queue = CorrelatingAppender.before(bridge, context, QUEUE_CAPACITY_MAX);
    queue.setName(NAME);
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.addAppender(queue);
    return () -> {
      root.detachAppender(queue);
      queue.stop();
    };
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (!backlog.hasRoom(1)) {
      return;
    }
    LogRecordBuilder line = provider
        .get(event.getLoggerName())
        .logRecordBuilder()
        .setTimestamp(Instant.ofEpochMilli(event.getTimeStamp()))
        .setSeverity(severity(event.getLevel()))
        .setSeverityText(event.getLevel().toString())
        .setAttribute("thread.name", event.getThreadName());
    OutcomeLine.find(event).ifPresentOrElse(outcome -> request(line, outcome), () -> other(line, event));
    thrown(line, event.getThrowableProxy());
    backlog.given(1);
    line.emit();
  }

  private static void request(LogRecordBuilder line, OutcomeLine outcome) {
    line.setContext(RequestSpans.contextOf(outcome.arrival()));
    line.setAttribute(Conventions.REQUEST_ID, outcome.arrival().id().value());
    line.setBody(ValueFromJson.of(tree(outcome)));
  }

  private static void other(LogRecordBuilder line, ILoggingEvent event) {
    correlate(line, event.getMDCPropertyMap());
    line.setBody(event.getFormattedMessage());
  }

  private static void correlate(LogRecordBuilder line, Map<String, String> names) {
    String trace = names.getOrDefault(Correlation.TRACE_ID, "");
    String span = names.getOrDefault(Correlation.SPAN_ID, "");
    if (!trace.isEmpty() && !span.isEmpty()) {
      line.setContext(Context.root().with(Span.wrap(SpanContext.create(trace, span, TraceFlags.getSampled(), TraceState.getDefault()))));
    } else {
      line.setContext(Context.root());
    }
    String request = names.getOrDefault(Correlation.REQUEST_ID, "");
    if (!request.isEmpty()) {
      line.setAttribute(Conventions.REQUEST_ID, request);
    }
  }

  private static void thrown(LogRecordBuilder line, @org.jspecify.annotations.Nullable IThrowableProxy thrown) {
    if (thrown != null) {
      line.setAttribute(Conventions.EXCEPTION_TYPE, thrown.getClassName());
      line.setAttribute(Conventions.EXCEPTION_MESSAGE, String.valueOf(thrown.getMessage()));
      line.setAttribute(Conventions.EXCEPTION_STACKTRACE, ThrowableProxyUtil.asString(thrown));
    }
  }

  private static com.fasterxml.jackson.databind.JsonNode tree(OutcomeLine line) {
    try {
      return MAPPER.readTree(line.json(MAPPER.getFactory()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a line of the log is JSON", e);
    }
  }

  private static Severity severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> Severity.ERROR;
      case Level.WARN_INT -> Severity.WARN;
      case Level.INFO_INT -> Severity.INFO;
      case Level.DEBUG_INT -> Severity.DEBUG;
      default -> Severity.TRACE;
    };
  }
}
