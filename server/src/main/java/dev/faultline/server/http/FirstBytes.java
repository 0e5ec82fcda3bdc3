package dev.faultline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A connection whose first bytes tell which version of HTTP its caller speaks.
final class FirstBytes implements ServerConnection, InterruptableTask<Void> {
  /// How the preface of HTTP/2 begins (RFC 9113, 3.4), and no method of HTTP/1.1.
  private static final byte[] PREFACE = "PRI".getBytes(StandardCharsets.US_ASCII);

  private final WatchedConnection watched;
  private final Function<WatchedConnection, ServerConnection> http1;
  private final Function<WatchedConnection, ServerConnection> http2;
  private final LongSupplier nanoClock;
  private final long openedAtNanos;
  private volatile @Nullable ServerConnection found;
  private volatile @Nullable Thread waiting;

  FirstBytes(
      WatchedConnection watched,
      Function<WatchedConnection, ServerConnection> http1,
      Function<WatchedConnection, ServerConnection> http2,
      LongSupplier nanoClock) {
    this.watched = watched;
    this.http1 = http1;
    this.http2 = http2;
    this.nanoClock = nanoClock;
    this.openedAtNanos = nanoClock.getAsLong();
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    waiting = Thread.currentThread();
    try {
      ServerConnection connection = find();
      found = connection;
      connection.handle(limit);
    } finally {
      watched.ended();
    }
  }

  @Override
  public Duration idleTime() {
    ServerConnection connection = found;
    return connection == null ? Duration.ofNanos(nanoClock.getAsLong() - openedAtNanos) : connection.idleTime();
  }

  @Override
  public boolean canInterrupt() {
    ServerConnection connection = found;
    return connection == null || (connection instanceof InterruptableTask<?> task && task.canInterrupt());
  }

  @Override
  public void close(boolean interrupt) {
    ServerConnection connection = found;
    Thread thread = waiting;
    if (connection != null) {
      connection.close(interrupt);
    } else if (thread != null) {
      thread.interrupt();
    }
  }

  private ServerConnection find() {
    try {
      return watched.dataReader().startsWith(PREFACE) ? http2.apply(watched) : http1.apply(watched);
    } catch (DataReader.InsufficientDataAvailableException e) {
      throw new CloseConnectionException("closed before it said anything", e);
    }
  }
}
