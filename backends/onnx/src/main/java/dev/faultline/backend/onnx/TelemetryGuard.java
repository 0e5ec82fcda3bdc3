package dev.faultline.backend.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandleProxies;

/// Keeps ONNX Runtime from phoning home.
///
/// Since 1.29 its library looks up an address on the internet and writes files under `~/.cache` unless `ORT_DISABLE_TELEMETRY=1` is in
/// the environment of the process when the library loads. Java cannot change its own environment, so this calls the C library. The
/// launcher sets the variable too; this is for whoever starts a JVM in another way.
public final class TelemetryGuard {

  static final String VARIABLE = "ORT_DISABLE_TELEMETRY";

  private TelemetryGuard() {}

  /// Sets the variable. Must come before the first class of ONNX Runtime is touched; repeating it does no harm.
  ///
  /// @throws IllegalStateException when the C library refuses: then nothing of ONNX Runtime may be loaded
  public static void engage() {
    try (Arena arena = Arena.ofConfined()) {
      if (setenv().call(arena.allocateFrom(VARIABLE), arena.allocateFrom("1"), 1) != 0) {
        throw new IllegalStateException("the C library refused to set " + VARIABLE + "=1; set it before the JVM starts");
      }
    }
  }

  @SuppressWarnings("restricted") // calling C is what it is for; the launcher grants native access
  private static Setenv setenv() {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().findOrThrow("setenv");
    return MethodHandleProxies.asInterfaceInstance(
        Setenv.class, linker.downcallHandle(function, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT)));
  }

  /// `int setenv(const char *name, const char *value, int overwrite)`; public because the proxy asks for it.
  @FunctionalInterface
  public interface Setenv {
    int call(MemorySegment name, MemorySegment value, int overwrite);
  }
}
