package dev.faultline.server.telemetry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts what an exporter takes and what becomes of it, and says in the log when sending begins to fail and when it works again: one line
/// each, however long the other side is away.
final class ExportWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ExportWatch.class);

  private final String signal;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean isFailing = new AtomicBoolean();

  ExportWatch(String signal) {
    this.signal = signal;
  }

  /// Watches what becomes of `items` that an exporter was given.
  CompletableResultCode watch(int items, CompletableResultCode result) {
    taken.addAndGet(items);
    result.whenComplete(() -> ended(items, result));
    return result;
  }

  /// Items given to the exporter so far.
  long taken() {
    return taken.get();
  }

  long sent() {
    return sent.get();
  }

  long failed() {
    return failed.get();
  }

  private void ended(int items, CompletableResultCode result) {
    (result.isSuccess() ? sent : failed).addAndGet(items);
    if (!result.isSuccess() && isFailing.compareAndSet(false, true)) {
      LOG.warn(
          "{} cannot be sent and are counted as failed until the other side is back: {} (mend: OTEL_EXPORTER_OTLP_ENDPOINT, or start what listens there)",
          signal,
          reason(result));
    }
    if (result.isSuccess() && isFailing.compareAndSet(true, false)) {
      LOG.info("{} are sent again, {} could not be", signal, failed.get());
    }
  }

  private static String reason(CompletableResultCode result) {
    String said = SdkMessages.lastOfExporters();
    return said.isEmpty() ? String.valueOf(result.getFailureThrowable()) : said;
  }
}
