package dev.faultline.server.log;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.server.config.ServerConfig.RequestLines;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/// Writes one line for every request. Never waits: when the log's own queue is nearly full the line is dropped and counted.
public final class RequestLog implements OutcomeListener {
  public static final String LOGGER = "faultline.request";

  /// Places in the log's queue that request lines leave free for everything else.
  private static final int RESERVE = 256;

  private final Logger log = LoggerFactory.getLogger(LOGGER);
  private final RequestLines lines;
  private final IntSupplier freePlaces;
  private final AtomicLong dropped = new AtomicLong();

  /// `freePlaces` says how many more lines the log's queue takes.
  public RequestLog(RequestLines lines, IntSupplier freePlaces) {
    this.lines = lines;
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
    log.atLevel(level).addArgument(new OutcomeLine(outcome)).log("request");
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
