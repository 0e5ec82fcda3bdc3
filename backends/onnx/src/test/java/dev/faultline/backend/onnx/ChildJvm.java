package dev.faultline.backend.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A JVM of its own, without network and with a home folder of its own, that runs [EngineProcess].
record ChildJvm(int exit, String said, List<String> files) {

  private static final int SECONDS_MAX = 60;

  static ChildJvm run(Path home, String... arguments) throws IOException, InterruptedException {
    Path temporary = Files.createDirectories(home.resolve("tmp"));
    Path output = home.resolveSibling(home.getFileName() + ".out");
    List<String> command = new ArrayList<>(List.of("unshare", "-rn", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=/dev/null"));
    command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"), EngineProcess.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(name -> name.equals("CI") || name.startsWith("ORT_") || name.startsWith("XDG_"));
    builder.environment().putAll(Map.of("HOME", home.toString(), "TMPDIR", temporary.toString()));
    Process process = builder.start();
    if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new ChildJvm(process.waitFor(), Files.readString(output), files(home));
  }

  private static List<String> files(Path home) throws IOException {
    try (Stream<Path> found = Files.walk(home)) {
      return found.filter(Files::isRegularFile).map(file -> home.relativize(file).toString()).toList();
    }
  }
}
