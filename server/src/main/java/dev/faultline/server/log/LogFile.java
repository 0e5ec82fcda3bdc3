package dev.faultline.server.log;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeAndTimeBasedFileNamingAndTriggeringPolicy;
import ch.qos.logback.core.rolling.TimeBasedRollingPolicy;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import java.time.Duration;

/// The file that the log is written to. A full one, and at midnight every one, is packed beside it as `<name>.<day>.<number>.gz`; the oldest
/// go when all together are larger than `keptBytesMax` or older than `ageMax`.
public record LogFile(Path path, long bytesMax, long keptBytesMax, Duration ageMax) {
  /// How often its size is looked at.
  private static final ch.qos.logback.core.util.Duration LOOK = ch.qos.logback.core.util.Duration.buildByMilliseconds(500);

  RollingFileAppender<ILoggingEvent> appender(LoggerContext context) {
    var appender = new RollingFileAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setFile(path.toString());
    var sizes = new SizeAndTimeBasedFileNamingAndTriggeringPolicy<ILoggingEvent>();
    sizes.setContext(context);
    sizes.setMaxFileSize(new FileSize(bytesMax));
    sizes.setCheckIncrement(LOOK);
    var rolling = new TimeBasedRollingPolicy<ILoggingEvent>();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(path.toString().replace("%", "\\%") + ".%d{yyyy-MM-dd}.%i.gz");
    rolling.setTimeBasedFileNamingAndTriggeringPolicy(sizes);
    rolling.setTotalSizeCap(new FileSize(keptBytesMax));
    rolling.setMaxHistory((int) Math.max(1, ageMax.toDays()));
    rolling.setCleanHistoryOnStart(true);
    rolling.start();
    appender.setRollingPolicy(rolling);
    return appender;
  }
}
