package dev.faultline.server.telemetry;

import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/// What OpenTelemetry's SDK has to say, in the server's log instead of bare on standard error. Its exporters are heard at level debug only: [ExportWatch]
/// says in one line what they repeat.
final class SdkMessages extends Handler {
  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(SdkMessages.class);
  private static final String EXPORTERS = "io.opentelemetry.exporter";
  private static final AtomicReference<String> LAST_OF_EXPORTERS = new AtomicReference<>("");
  private static final SimpleFormatter TEXT = new SimpleFormatter();
  /// Held, because the log manager forgets loggers that nobody holds, and with them what was set.
  private static final Logger SDK = Logger.getLogger("io.opentelemetry");

  static void listen() {
    for (Handler each : SDK.getHandlers()) {
      if (each instanceof SdkMessages) {
        return;
      }
    }
    SDK.setUseParentHandlers(false);
    SDK.addHandler(new SdkMessages());
  }

  /// What an exporter said last, or the empty text.
  static String lastOfExporters() {
    return LAST_OF_EXPORTERS.get();
  }

  @Override
  public void publish(LogRecord line) {
    if (line.getLevel().intValue() < Level.WARNING.intValue()) {
      return;
    }
    String message = TEXT.formatMessage(line);
    if (String.valueOf(line.getLoggerName()).startsWith(EXPORTERS)) {
      LAST_OF_EXPORTERS.set(message);
      LOG.debug("OpenTelemetry: {}", message, line.getThrown());
    } else {
      LOG.warn("OpenTelemetry: {}", message, line.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
