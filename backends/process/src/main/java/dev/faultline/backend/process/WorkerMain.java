package dev.faultline.backend.process;

import dev.faultline.fault.Thrown;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.RunControl.StopReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The main class of a worker: `WorkerMain <backend class> <folder>`.
///
/// It greets its parent, loads one model and runs it on one platform thread per slot. When the control connection ends, because the
/// parent closed it or died, it is over: the process halts, whatever is still running. While a model loads nobody reads that connection,
/// so the parent is looked for as well.
public final class WorkerMain {
  /// Exit code after a throwable that nothing may catch, such as a `StackOverflowError`; its trace is the last thing said.
  static final int UNCAUGHT = 70;

  private static final long PARENT_LOOK_MILLIS = 500;

  private final WorkerFolder folder;
  private final Wire control;
  private final Map<Integer, StopSwitch> stops = new ConcurrentHashMap<>();

  private WorkerMain(WorkerFolder folder, Wire control) {
    this.folder = folder;
    this.control = control;
  }

  public static void main(String[] arguments) throws IOException {
    Thread.setDefaultUncaughtExceptionHandler(WorkerMain::die);
    var folder = new WorkerFolder(Path.of(arguments[1]));
    ProcessHandle.current().parent().ifPresent(parent -> Thread.ofPlatform().daemon().name("parent-look").start(() -> outlive(parent, folder)));
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(folder.workerSocket()));
        Wire control = Wire.connect(folder.parentSocket())) {
      new WorkerMain(folder, control).serve(arguments[0], door);
    } catch (IOException e) {
      tidy(folder);
      throw e;
    }
  }

  /// Ends the process when the parent hangs up, before anything is closed: a thread that finds its connection closed would end it sooner
  /// than the folder is wiped.
  private void serve(String backendClass, ServerSocketChannel door) throws IOException {
    try {
      live(backendClass, door);
    } catch (EOFException e) {
      tidy(folder);
      Runtime.getRuntime().halt(0);
    }
  }

  /// A process that waits or computes longer than its parent lives is of no use to anybody.
  private static void outlive(ProcessHandle parent, WorkerFolder folder) {
    try {
      while (parent.isAlive()) {
        Thread.sleep(PARENT_LOOK_MILLIS);
      }
      tidy(folder);
    } catch (IOException e) {
      // what is left is wiped by the next server
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    Runtime.getRuntime().halt(0);
  }

  private static synchronized void tidy(WorkerFolder folder) throws IOException {
    folder.wipe();
    SharedFolder.dismantle(folder.path().resolveSibling(""));
  }

  private void live(String backendClass, ServerSocketChannel door) throws IOException {
    Backend backend = backend(backendClass);
    control.greet(FrameKind.HELLO).text(backend.engine());
    control.send();
    WireReader order = control.receive().expect(FrameKind.LOAD);
    Artifact artifact = ModelWire.artifact(order);
    LoadOptions options = ModelWire.options(order);
    LoadedModel model = load(backend, artifact, options);
    ModelWire.loaded(control.start(FrameKind.LOADED), new Loaded(model.inputs(), model.outputs(), model.facts()));
    control.send();
    Thread.ofPlatform().daemon().name("door").start(() -> open(door, model));
    obey(options, model);
  }

  /// What was asked to measure is closed when the parent hangs up, because that is when it writes.
  private void obey(LoadOptions options, LoadedModel model) throws IOException {
    try {
      obey();
    } finally {
      if (!options.nodeTimes().isEmpty()) {
        model.close();
      }
    }
  }

  private void obey() throws IOException {
    while (true) {
      WireReader order = control.receive().expect(FrameKind.STOP);
      stopSwitch(order.i32()).stop(order.i64(), order.choice(StopReason.values()));
    }
  }

  private Backend backend(String name) throws IOException {
    try {
      return Class.forName(name).asSubclass(Backend.class).getConstructor().newInstance();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      throw hopeless(FrameKind.FAILED, "", "cannot make backend " + name, e);
    }
  }

  private LoadedModel load(Backend backend, Artifact artifact, LoadOptions options) throws IOException {
    try {
      return backend.load(artifact, options);
    } catch (LoadException e) {
      throw hopeless(FrameKind.REFUSED, e.code(), String.valueOf(e.getMessage()), e);
    }
  }

  /// Says why this worker cannot go on, and waits for the parent to hang up so that it has read it.
  private IOException hopeless(FrameKind kind, String code, String message, Throwable why) throws IOException {
    WireWriter out = kind == FrameKind.FAILED ? control.greet(kind) : control.start(kind);
    out.text(code).text(message).list(List.of(Thrown.of(why)), FaultWire::thrown);
    control.send();
    return new WireException("the parent sent " + control.receive().kind() + " to a worker that cannot go on");
  }

  private void open(ServerSocketChannel door, LoadedModel model) {
    while (true) {
      Wire wire = accepted(door);
      Thread.ofPlatform().daemon().name("slot").start(() -> serve(wire, model));
    }
  }

  private void serve(Wire wire, LoadedModel model) {
    try {
      WireReader order = wire.receive().expect(FrameKind.OPEN);
      Wire.requireGreeting(order);
      int slot = order.i32();
      long bytesMax = order.i64();
      Thread.currentThread().setName("slot-" + slot);
      new WorkerSlot(wire, SharedRegion.open(folder.inputs(slot), bytesMax), SharedRegion.create(folder.outputs(slot), bytesMax), model, stopSwitch(slot)).serve();
      stops.remove(slot);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A stop may come before its slot has opened.
  private StopSwitch stopSwitch(int slot) {
    return stops.computeIfAbsent(slot, _ -> new StopSwitch());
  }

  private static Wire accepted(ServerSocketChannel door) {
    try {
      SocketChannel channel = door.accept();
      return new Wire(channel);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Goes on only as far as saying what happened: after an `Error` nothing about this process is certain.
  private static void die(Thread thread, Throwable thrown) {
    System.err.println("uncaught in thread " + thread.getName());
    thrown.printStackTrace();
    System.err.flush();
    Runtime.getRuntime().halt(UNCAUGHT);
  }
}
