package dev.faultline.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final long END_NANOS = Duration.ofMinutes(1).toNanos();

  @TempDir Path folder;

  @Test
  void aFullFileIsPackedBesideTheNewOneAndTheOldestGo() throws Exception {
    Path file = folder.resolve("faultline.log");
    try (var context = new StoppedAtEnd(new LoggerContext())) {
      context.context().setMDCAdapter(new LogbackMDCAdapter());
      RollingFileAppender<ILoggingEvent> appender = new LogFile(file, 20_000, 3_000_000, Duration.ofDays(2)).appender(context.context());
      var encoder = new PatternLayoutEncoder();
      encoder.setContext(context.context());
      encoder.setPattern("%msg%n");
      encoder.start();
      appender.setEncoder(encoder);
      appender.start();
      Logger log = context.context().getLogger("x");
      log.setLevel(Level.INFO);
      log.addAppender(appender);
      long start = System.nanoTime();
      int line = 0;
      while (packed().size() < 2) {
        assertThat(System.nanoTime() - start).as("never packed twice: %s", packed()).isLessThan(END_NANOS);
        log.info("line {} {}", line++, "x".repeat(1_000));
        Thread.sleep(2);
      }
      assertThat(packed()).allMatch(name -> name.matches("faultline\\.log\\.\\d{4}-\\d\\d-\\d\\d\\.\\d+\\.gz"));
      assertThat(file).exists();
    }
  }

  private List<String> packed() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(each -> String.valueOf(each.getFileName())).filter(name -> name.endsWith(".gz")).sorted().toList();
    }
  }

  private record StoppedAtEnd(LoggerContext context) implements AutoCloseable {
    @Override
    public void close() {
      context.stop();
    }
  }
}
