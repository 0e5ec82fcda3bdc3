package dev.faultline.server.http;

import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;

/// A connection of HTTP/2 that says when it has ended, because its streams do not hear of it otherwise.
final class StreamConnection implements ServerConnection, InterruptableTask<Void> {
  private final ServerConnection connection;
  private final StreamCaller caller;

  StreamConnection(ServerConnection connection, StreamCaller caller) {
    this.connection = connection;
    this.caller = caller;
  }

  @Override
  public void handle(Limit limit) throws InterruptedException {
    try {
      connection.handle(limit);
    } finally {
      caller.end();
    }
  }

  @Override
  public Duration idleTime() {
    return connection.idleTime();
  }

  @Override
  public boolean canInterrupt() {
    return connection instanceof InterruptableTask<?> task && task.canInterrupt();
  }

  @Override
  public void close(boolean interrupt) {
    connection.close(interrupt);
  }
}
