package dev.faultline.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What the doctor looks at in Java itself.
final class JavaExam {
  private static final int VERSION = 25;
  private static final long HEAP_BYTES_MIN = 256L << 20;
  private static final String LAUNCHER = "start with ./faultline, which sets it";

  private JavaExam() {}

  static List<Diagnosis> all() {
    return List.of(version(), nativeAccess(), memory(), startCache(), telemetry());
  }

  private static Diagnosis version() {
    Runtime.Version version = Runtime.version();
    String found = version + ", " + System.getProperty("java.vendor") + ", " + System.getProperty("java.home");
    return Diagnosis.of(version.feature() == VERSION, "java", found, "run with a JDK " + VERSION + ": FAULTLINE_JAVA_HOME");
  }

  private static Diagnosis nativeAccess() {
    boolean enabled = JavaExam.class.getModule().isNativeAccessEnabled();
    return enabled
        ? Diagnosis.good("flags", "native access is enabled")
        : Diagnosis.warning("flags", "native access is not enabled: Java warns at the start and later releases refuse", LAUNCHER + ", or --enable-native-access=ALL-UNNAMED");
  }

  private static Diagnosis memory() {
    long heap = Runtime.getRuntime().maxMemory();
    long machine = machineBytes();
    String found = "heap up to " + mebibytes(heap) + " of " + mebibytes(machine) + " of this machine or container, " + Runtime.getRuntime().availableProcessors() + " processors";
    return heap >= HEAP_BYTES_MIN ? Diagnosis.good("memory", found) : Diagnosis.warning("memory", found, "give it more, or FAULTLINE_JAVA_OPTS=-Xmx512m");
  }

  private static long machineBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system ? system.getTotalMemorySize() : 0;
  }

  private static Diagnosis startCache() {
    Path cache = Path.of(System.getProperty("faultline.home", "."), "target", "dist", "faultline.aot");
    return Files.isRegularFile(cache)
        ? Diagnosis.good("start", "the AOT cache is there")
        : Diagnosis.warning("start", "no AOT cache: starts take about half a second longer", "look into target/aot.log");
  }

  private static Diagnosis telemetry() {
    boolean off = "1".equals(System.getenv("ORT_DISABLE_TELEMETRY"));
    return Diagnosis.of(off, "telemetry", off ? "ONNX Runtime's telemetry is off" : "ORT_DISABLE_TELEMETRY is not 1: ONNX Runtime would phone home", LAUNCHER);
  }

  static String mebibytes(long bytes) {
    return bytes >> 30 >= 10 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
  }
}
