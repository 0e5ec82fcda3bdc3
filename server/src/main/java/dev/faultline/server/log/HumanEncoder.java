package dev.faultline.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/// Lines for people at a terminal: time, level, text.
final class HumanEncoder extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  @Override
  public byte[] encode(ILoggingEvent event) {
    var text = new StringBuilder()
        .append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())))
        .append(' ')
        .append(event.getLevel())
        .append(' ')
        .append(message(event))
        .append(System.lineSeparator());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      text.append(ThrowableProxyUtil.asString(thrown)).append(System.lineSeparator());
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String message(ILoggingEvent event) {
    return OutcomeLine.find(event).map(OutcomeLine::human).orElseGet(() -> event.getFormattedMessage() + request(event));
  }

  private static String request(ILoggingEvent event) {
    String id = event.getMDCPropertyMap().getOrDefault(Correlation.REQUEST_ID, "");
    return id.isEmpty() ? "" : "  [" + id + "]";
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
