package dev.faultline.backend.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How a worker is started: which Java, which classes, which backend, within which limits.
///
/// `backendClass` is the name of a public class with a public constructor without parameters that implements
/// [dev.faultline.serving.backend.Backend]. `jvmFlags` come after ours, so they win; this is where `-Donnxruntime.native.path=...` and
/// `-XX:AOTCache=...` go. `environment` is added to this process's own.
public record WorkerCommand(
    Path java, String classPath, String backendClass, List<String> jvmFlags, Map<String, String> environment, WorkerLimits limits) {

  private static final Path SHELL = Path.of("/bin/sh");
  private static final Path TASKSET = Path.of("/usr/bin/taskset");
  private static final long KIBIBYTE = 1024;

  /// Left alone a JVM begins with a share of the machine's memory, which would count against the limit unused.
  private static final int HEAP_FIRST_MEBIBYTES = 16;

  public WorkerCommand {
    jvmFlags = List.copyOf(jvmFlags);
    environment = Map.copyOf(environment);
  }

  /// With this process's own Java and class path.
  public static WorkerCommand of(String backendClass) {
    return new WorkerCommand(
        Path.of(System.getProperty("java.home"), "bin", "java"),
        System.getProperty("java.class.path"),
        backendClass,
        List.of(),
        Map.of(),
        WorkerLimits.STANDARD);
  }

  public WorkerCommand withLimits(WorkerLimits other) {
    return new WorkerCommand(java, classPath, backendClass, jvmFlags, environment, other);
  }

  public WorkerCommand withJvmFlags(List<String> flags) {
    return new WorkerCommand(java, classPath, backendClass, flags, environment, limits);
  }

  /// @param serial number of the worker, so that workers with fewer processors than there are spread over all
  ProcessBuilder in(WorkerFolder folder, int serial) {
    List<String> words = new ArrayList<>();
    words.addAll(memoryLimit());
    words.addAll(processorLimit(serial));
    words.addAll(jvm(folder));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    Map<String, String> variables = builder.environment();
    // flags meant for this JVM, such as an agent's, are not meant for workers
    variables.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
    variables.put("ORT_DISABLE_TELEMETRY", "1");
    // a few arenas instead of eight per processor: freed memory is found again by other threads, and the limit is met later
    variables.put("MALLOC_ARENA_MAX", "4");
    variables.putAll(environment);
    return builder;
  }

  /// Nothing here speaks of class data sharing: a JVM that is given an AOT cache refuses to start when anything does.
  private List<String> jvm(WorkerFolder folder) {
    List<String> words = new ArrayList<>(List.of(java.toString(), "--enable-native-access=ALL-UNNAMED"));
    words.addAll(List.of("-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.crashLog(), "-XX:-UsePerfData"));
    words.addAll(List.of("-XX:+UseSerialGC", "-Xms" + Math.min(HEAP_FIRST_MEBIBYTES, limits.heapMebibytes()) + "m", "-Xmx" + limits.heapMebibytes() + "m"));
    words.add("-Djava.io.tmpdir=" + folder.temporary());
    if (limits.cpusMax() > 0) {
      words.add("-XX:ActiveProcessorCount=" + limits.cpusMax());
    }
    words.addAll(jvmFlags);
    words.addAll(List.of("-cp", classPath, WorkerMain.class.getName(), backendClass, folder.path().toString()));
    return words;
  }

  /// `exec` keeps the process id, so that signals and exit codes are the JVM's.
  private List<String> memoryLimit() {
    return limits.memoryBytesMax() > 0 && Files.isExecutable(SHELL)
        ? List.of(SHELL.toString(), "-c", "ulimit -d " + limits.memoryBytesMax() / KIBIBYTE + " && exec \"$0\" \"$@\"")
        : List.of();
  }

  private List<String> processorLimit(int serial) {
    List<Integer> allowed = Processors.allowed();
    if (limits.cpusMax() == 0 || limits.cpusMax() >= allowed.size() || !Files.isExecutable(TASKSET)) {
      return List.of();
    }
    List<String> own = new ArrayList<>();
    for (int i = 0; i < limits.cpusMax(); i++) {
      own.add(String.valueOf(allowed.get(Math.floorMod(serial * limits.cpusMax() + i, allowed.size()))));
    }
    return List.of(TASKSET.toString(), "-c", String.join(",", own));
  }
}
