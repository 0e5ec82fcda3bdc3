package dev.faultline.backend.process;

import dev.faultline.serving.backend.LoadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Starts workers and waits until they greet.
final class WorkerLauncher {
  private final WorkerCommand command;
  private final ProcessSettings settings;
  private final SharedFolder shared;
  private final CrashLogFolder crashLogs;
  private final ScheduledExecutorService scheduler;
  private final AtomicInteger serials;

  /// `serials` numbers the workers of one folder, whoever launches them.
  WorkerLauncher(WorkerCommand command, ProcessSettings settings, SharedFolder shared, ScheduledExecutorService scheduler, AtomicInteger serials) {
    this.command = command;
    this.settings = settings;
    this.shared = shared;
    this.scheduler = scheduler;
    this.serials = serials;
    this.crashLogs = new CrashLogFolder(settings.crashLogs(), settings.crashLogsMax());
  }

  Worker launch() throws LoadException {
    int serial = serials.getAndIncrement();
    try {
      WorkerFolder folder = shared.worker(serial);
      // not with its parents: a folder that was wiped meanwhile must not come back
      Files.createDirectory(folder.path());
      Files.createDirectory(folder.temporary());
      try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        door.bind(UnixDomainSocketAddress.of(folder.parentSocket()));
        return greeted(door, folder, Child.of(command.in(folder, serial).start(), "worker-" + serial + "-exit"), serial);
      }
    } catch (IOException e) {
      throw failure("cannot start '" + command.java() + "' with its files in " + shared.path() + ": " + e, e);
    }
  }

  private Worker greeted(ServerSocketChannel door, WorkerFolder folder, Child child, int serial) throws LoadException, IOException {
    var lastWords = new LastWords(child.process().getInputStream(), "worker-" + serial + "-output");
    var inquest = new Inquest(folder, lastWords, crashLogs);
    child.process().getOutputStream().close();
    var _ = child.exit().thenRun(() -> close(door));
    ScheduledFuture<?> deadline = scheduler.schedule(child::kill, settings.startMillisMax(), TimeUnit.MILLISECONDS);
    Wire control = null;
    try {
      control = new Wire(door.accept());
      String engine = engine(control.receive());
      return new Worker(child, folder, control, engine, inquest, settings, scheduler);
    } catch (IOException e) {
      throw stillborn(child, folder, inquest, control, e);
    } finally {
      deadline.cancel(false);
    }
  }

  private static String engine(WireReader greeting) throws IOException {
    FrameKind kind = greeting.kind();
    Wire.requireGreeting(greeting);
    if (kind == FrameKind.FAILED) {
      greeting.text();
      throw new WireException(greeting.text() + ": " + FaultWire.thrown(greeting).getFirst().trace());
    }
    if (kind != FrameKind.HELLO) {
      throw new WireException("a frame " + kind + " (expected: HELLO or FAILED)");
    }
    return greeting.text();
  }

  private static LoadException stillborn(
      Child child, WorkerFolder folder, Inquest inquest, @Nullable Wire control, IOException why)
      throws IOException {
    String said = why instanceof WireException ? String.valueOf(why.getMessage()) : "";
    if (!said.isEmpty()) {
      child.kill();
    }
    WorkerDeath death = inquest.hold(child.exit().join(), Optional.empty(), List.of());
    if (control != null) {
      control.close();
    }
    folder.wipe();
    return failure("the worker " + (said.isEmpty() ? "died before it greeted: " + death.reason() : "said: " + said), why);
  }

  private static LoadException failure(String found, Exception why) {
    return new LoadException("load.worker", found + " (expected: a worker process that starts; see the cause)", why);
  }

  /// Ends the wait for a worker that will not come.
  private static void close(ServerSocketChannel door) {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
