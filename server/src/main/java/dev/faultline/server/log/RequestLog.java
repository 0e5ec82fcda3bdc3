package dev.faultline.server.log;

import dev.faultline.capture.Redaction;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Passage;
import dev.faultline.server.config.ServerConfig.RequestLines;
import dev.faultline.server.log.PayloadPolicy.Extent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Writes one line for every request. Never waits: when the log's own queue is nearly full the line is dropped and counted.
public final class RequestLog implements OutcomeListener {
  public static final String LOGGER = "faultline.request";

  /// Places in the log's queue that request lines leave free for everything else.
  private static final int RESERVE = 256;

  /// Lines that may wait while whole payloads are still written: what waits holds them in memory.
  private static final int WAITING_WITH_PAYLOADS_MAX = 256;

  private final Logger log = LoggerFactory.getLogger(LOGGER);
  private final RequestLines lines;
  private final PayloadPolicy payloads;
  private final long payloadBytesMax;
  private final Function<Passage, Redaction.Redacted> redaction;
  private final IntSupplier freePlaces;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong payloadsLeftOut = new AtomicLong();

  /// Payloads up to `payloadBytesMax` go through `redaction` before they are written. `freePlaces` says how many more lines the log's queue takes.
  public RequestLog(
      RequestLines lines, PayloadPolicy payloads, long payloadBytesMax, Function<Passage, Redaction.Redacted> redaction, IntSupplier freePlaces) {
    this.lines = lines;
    this.payloads = payloads;
    this.payloadBytesMax = payloadBytesMax;
    this.redaction = redaction;
    this.freePlaces = freePlaces;
  }

  @Override
  public void onOutcome(Outcome outcome) {
    Level level = level(outcome);
    if (!isWanted(level) || !log.isEnabledForLevel(level)) {
      return;
    }
    if (freePlaces.getAsInt() < RESERVE) {
      dropped.incrementAndGet();
      return;
    }
    Extent extent = payloads.of(outcome);
    log.atLevel(level).addArgument(new OutcomeLine(outcome, extent, note(outcome.passage(), extent))).log("request");
  }

  private PayloadNote note(Passage passage, Extent extent) {
    if (extent != Extent.WHOLE) {
      return new PayloadNote.None();
    }
    int bytes = passage.arrival().payload().length();
    if (bytes > payloadBytesMax) {
      payloadsLeftOut.incrementAndGet();
      return new PayloadNote.LeftOut("it has " + bytes + " bytes (log.payload_max_bytes: " + payloadBytesMax + ")");
    }
    if (freePlaces.getAsInt() < Logging.QUEUE_CAPACITY_MAX - WAITING_WITH_PAYLOADS_MAX) {
      payloadsLeftOut.incrementAndGet();
      return new PayloadNote.LeftOut("the log cannot keep up");
    }
    return new PayloadNote.Whole(passage, redaction);
  }

  /// Payloads that were wanted and not written: too large, or the log could not keep up.
  public long payloadsLeftOut() {
    return payloadsLeftOut.get();
  }

  /// Lines that were not written because the log could not keep up.
  public long dropped() {
    return dropped.get();
  }

  private boolean isWanted(Level level) {
    return switch (lines) {
      case ALL -> true;
      case FAULTS -> level != Level.INFO;
      case OFF -> false;
    };
  }

  private static Level level(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Served served -> served.suspicions().isEmpty() ? Level.INFO : Level.WARN;
      case Outcome.Faulted faulted -> level(faulted.fault());
    };
  }

  private static Level level(Fault fault) {
    return fault.blame() == Blame.CALLER || fault.blame() == Blame.CAPACITY ? Level.WARN : Level.ERROR;
  }
}
