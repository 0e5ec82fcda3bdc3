package dev.faultline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.webserver.CloseConnectionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The bytes of a connection, and the answer to whether more can come.
///
/// Asked while a request waits, it starts one read on a thread of its own; what that read brings (the next request of a pipelining
/// caller, say) is handed out when the connection asks for more, so nothing is lost and nothing needs a timeout. A read that met the
/// end means that the caller has left. Used by the connection's thread only; the reading thread touches the source alone, and only
/// while the connection's thread does not.
final class ReadAhead implements Supplier<byte[]> {
  private final DataReader source;
  private final HeadTimer timer;
  private @Nullable FutureTask<byte[]> ahead;

  ReadAhead(DataReader source, HeadTimer timer) {
    this.source = source;
    this.timer = timer;
  }

  @Override
  public byte[] get() {
    timer.beforeRead();
    FutureTask<byte[]> started = ahead;
    if (started == null) {
      return pull();
    }
    ahead = null;
    return join(started);
  }

  boolean hasEnded() {
    FutureTask<byte[]> started = ahead;
    if (started == null) {
      started = new FutureTask<>(this::pull);
      ahead = started;
      Thread.ofVirtual().name("read-ahead").start(started);
    }
    return started.state() == Future.State.FAILED;
  }

  private byte[] pull() {
    source.ensureAvailable();
    return source.readBytes(source.available());
  }

  private static byte[] join(FutureTask<byte[]> started) {
    try {
      return started.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CloseConnectionException("interrupted while reading", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : new CloseConnectionException("the connection failed", e);
    }
  }
}
