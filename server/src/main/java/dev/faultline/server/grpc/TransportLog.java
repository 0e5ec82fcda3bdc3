package dev.faultline.server.grpc;

import io.grpc.StatusRuntimeException;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings what the gRPC library writes to the platform's own log into the server's, so that a JSON log is JSON throughout.
///
/// What the transport refuses with a status is the caller's matter: the request ends in an outcome, and one line without a stack is enough.
final class TransportLog extends Handler {
  private static final java.util.logging.Logger SOURCE = java.util.logging.Logger.getLogger("io.grpc");

  private final Logger target = LoggerFactory.getLogger("io.grpc");
  private final SimpleFormatter text = new SimpleFormatter();

  private TransportLog() {}

  /// Once for the process; the platform keeps loggers weakly, so this class keeps the one it changed.
  static synchronized void bring() {
    for (Handler handler : SOURCE.getHandlers()) {
      if (handler instanceof TransportLog) {
        return;
      }
    }
    SOURCE.setUseParentHandlers(false);
    SOURCE.addHandler(new TransportLog());
  }

  @Override
  public void publish(LogRecord record) {
    if (record.getThrown() instanceof StatusRuntimeException refused) {
      target.info("{}: {}", text.formatMessage(record), refused.getMessage());
    } else if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
      target.error("{}", text.formatMessage(record), record.getThrown());
    } else if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
      target.warn("{}", text.formatMessage(record), record.getThrown());
    }
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
