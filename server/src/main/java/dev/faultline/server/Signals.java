package dev.faultline.server;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGTERM and SIGINT as a request to stop, and not as the start of the JVM's shutdown hooks: those run all at once, ONNX Runtime has
/// one that frees its environment, and freeing it under a run kills the process.
///
/// `sun.misc.Signal` (JEP 260 keeps it open to all) is reached by name, because the compiler warns of every mention of it and our
/// builds take warnings for errors. A JVM without it falls back to a hook.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private enum Name {
    TERM(143),
    INT(130);

    private final int exit;

    Name(int exit) {
      this.exit = exit;
    }
  }

  private Signals() {}

  /// Runs `stop` at the first signal and then ends the process with 128 plus the signal's number; the second ends it at once.
  static void handle(Runnable stop) {
    var stopping = new AtomicBoolean();
    try {
      for (Name name : List.of(Name.values())) {
        listen(name, () -> onSignal(name, stopping, stop));
      }
    } catch (ReflectiveOperationException e) {
      LOG.warn("this JVM does not tell of signals; stopping in a shutdown hook instead", e);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(stop));
    }
  }

  private static void onSignal(Name name, AtomicBoolean stopping, Runnable stop) {
    if (!stopping.compareAndSet(false, true)) {
      Runtime.getRuntime().halt(name.exit);
    }
    LOG.info("got SIG{}; a second signal stops at once", name);
    // the JVM's signal thread is a daemon, and a JVM without other threads would end with 0
    Thread.ofPlatform().daemon(false).name("stop").start(() -> {
      stop.run();
      System.exit(name.exit);
    });
  }

  private static void listen(Name name, Runnable action) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object ours = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> call(proxy, method, args, action));
    signal.getMethod("handle", signal, handler).invoke(null, signal.getConstructor(String.class).newInstance(name.name()), ours);
  }

  @SuppressWarnings("ReferenceEquality") // a proxy equals itself and nothing else
  private static @Nullable Object call(Object proxy, Method method, Object[] args, Runnable action) {
    return switch (method.getName()) {
      case "equals" -> proxy == args[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "toString" -> "faultline stop";
      case "handle" -> {
        action.run();
        yield null;
      }
      default -> throw new UnsupportedOperationException(method.getName());
    };
  }
}
