package dev.faultline.server.contain;

import dev.faultline.backend.process.ProcessBackend;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The backend of child processes, made when the first version needs it: most servers never do, and it takes a folder and a thread.
final class LazyProcesses implements Backend, AutoCloseable {

  /// Makes the backend.
  @FunctionalInterface
  interface Maker {
    ProcessBackend make() throws IOException;
  }

  private final String engine;
  private final Maker maker;
  private @Nullable ProcessBackend made;
  private boolean closed;

  LazyProcesses(String engine, Maker maker) {
    this.engine = engine;
    this.maker = maker;
  }

  @Override
  public String engine() {
    return engine;
  }

  @Override
  public LoadedModel load(Artifact artifact, LoadOptions options) throws LoadException {
    return backend().load(artifact, options);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (made != null) {
      made.close();
    }
  }

  private synchronized ProcessBackend backend() throws LoadException {
    if (closed) {
      throw new LoadException("load.worker", "no process is started any more: the server is shutting down");
    }
    ProcessBackend known = made;
    try {
      made = known == null ? maker.make() : known;
      return made;
    } catch (IOException e) {
      throw new LoadException("load.worker", "there is no place for the files shared with a process: " + e + " (expected: /dev/shm or java.io.tmpdir can be written)", e);
    }
  }
}
