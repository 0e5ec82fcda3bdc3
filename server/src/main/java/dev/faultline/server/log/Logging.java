package dev.faultline.server.log;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import net.logstash.logback.encoder.LogstashEncoder;
import org.slf4j.LoggerFactory;

/// The log of the whole process: one queue, one writer, JSON lines or lines for people.
public final class Logging implements AutoCloseable {
  /// Lines that may wait to be written.
  public static final int QUEUE_CAPACITY_MAX = 16_384;

  /// How lines look.
  public enum Format {
    JSON,
    HUMAN
  }

  private final LoggerContext context;
  private final AsyncAppender queue;

  private Logging(LoggerContext context, AsyncAppender queue) {
    this.context = context;
    this.queue = queue;
  }

  /// Until [#start] nothing is logged: what libraries have to say is no result of a command, and by default it would go to standard output.
  public static void silence() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
  }

  /// Writes to standard error, or to a file when there is one in `file`; replaces what was set up before.
  public static Logging start(Format format, List<LogFile> file, String level) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    OutputStreamAppender<ILoggingEvent> writer = writer(context, format, file);
    AsyncAppender queue = CorrelatingAppender.before(writer, context, QUEUE_CAPACITY_MAX);
    queue.setName("queue");
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(queue);
    context.getLogger("dev.faultline").setLevel(Level.toLevel(level, Level.INFO));
    context.getLogger(RequestLog.LOGGER).setLevel(Level.toLevel(level, Level.INFO));
    return new Logging(context, queue);
  }

  /// Lines the queue still takes.
  public int freePlaces() {
    return queue.getRemainingCapacity();
  }

  /// Writes what waits and stops.
  @Override
  public void close() {
    context.stop();
  }

  private static OutputStreamAppender<ILoggingEvent> writer(LoggerContext context, Format format, List<LogFile> file) {
    OutputStreamAppender<ILoggingEvent> writer = file.isEmpty() ? console() : file.getFirst().appender(context);
    writer.setContext(context);
    writer.setName("writer");
    Encoder<ILoggingEvent> encoder = format == Format.JSON ? json() : new HumanEncoder();
    encoder.setContext(context);
    encoder.start();
    writer.setEncoder(encoder);
    writer.start();
    return writer;
  }

  private static ConsoleAppender<ILoggingEvent> console() {
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setTarget("System.err");
    return appender;
  }

  private static LogstashEncoder json() {
    var encoder = new LogstashEncoder();
    encoder.setVersion(null);
    encoder.setShortenedLoggerNameLength(0);
    encoder.setTimeZone("UTC");
    return encoder;
  }
}
