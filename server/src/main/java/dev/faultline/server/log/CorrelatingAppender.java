package dev.faultline.server.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import org.slf4j.Logger;

/// A bounded queue before a slower appender, which drops rather than waits. The first in a log also notes which request a line belongs to,
/// while it is still on that request's thread.
public final class CorrelatingAppender extends AsyncAppender {
  private final boolean notes;

  private CorrelatingAppender(boolean notes) {
    this.notes = notes;
  }

  /// A started queue of so many lines before `inner`, not yet added to any logger.
  public static AsyncAppender before(Appender<ILoggingEvent> inner, LoggerContext context, int queueCapacityMax) {
    var queue = new CorrelatingAppender(!isIn(context));
    queue.setContext(context);
    queue.setQueueSize(queueCapacityMax);
    queue.setDiscardingThreshold(0);
    queue.setNeverBlock(true);
    queue.setMaxFlushTime(2_000);
    queue.addAppender(inner);
    queue.start();
    return queue;
  }

  @Override
  protected void preprocess(ILoggingEvent event) {
    if (notes) {
      Correlation.note(event);
    }
    super.preprocess(event);
  }

  private static boolean isIn(LoggerContext context) {
    var appenders = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
    while (appenders.hasNext()) {
      if (appenders.next() instanceof CorrelatingAppender) {
        return true;
      }
    }
    return false;
  }
}
