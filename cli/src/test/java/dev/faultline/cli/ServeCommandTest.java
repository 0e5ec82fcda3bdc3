package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `faultline serve` as a process, because it ends by signals.
class ServeCommandTest {
  private static final long PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  @Test
  void itServesSaysWhatItFoundWritesThePortsFileAndStopsOnSigterm() throws Exception {
    Path models = folder.resolve("my models");
    copy(DemoServer.EXAMPLES.resolve("models/birdstrike-damage"), models.resolve("birdstrike-damage"));
    Files.writeString(Files.createDirectories(models.resolve("broken/1")).resolve("model.onnx"), "<html>not found</html>");
    Files.createDirectories(models.resolve("notes"));
    Path ports = folder.resolve("ports.json");

    Process process = serve(models.toString(), "--port", "0", "--grpc-port", "0", "--admin-port", "0", "--data", folder.resolve("data").toString(), "--ports-file", ports.toString());
    try {
      await(process, ports);
      var written = new ObjectMapper().readTree(ports.toFile());
      assertThat(written.properties().stream().map(each -> each.getKey())).containsExactly("http", "grpc", "admin");
      assertThat(Told.by("models", "--server", "127.0.0.1:" + written.path("admin").asInt()).out()).contains("READY", "UNAVAILABLE", "load.not_onnx");
      process.destroy();
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
    } finally {
      process.destroyForcibly();
    }
    String out = Files.readString(folder.resolve("out.txt"));
    assertThat(out)
        .startsWith("faultline 0.")
        .containsPattern("\n {2}✓ birdstrike-damage {2}v1 +onnx [0-9.]+ kB {2}contract: graph \\+ contract\\.yaml {2}ready in [0-9]+ ms\n")
        .containsPattern("\n {2}✗ broken +v1 +does not load: .*web page.*\n +help: faultline help load\\.not_onnx\n")
        .containsPattern("\n {2}· .*notes {2}skipped: no numeric version folder")
        .containsPattern("\n {2}HTTP {3}http://127\\.0\\.0\\.1:[0-9]+ ")
        .contains("/v2/models/birdstrike-damage/infer -d '{\"inputs\":[{\"name\":\"speed_knots\",\"shape\":[1,1],\"datatype\":\"FP32\",\"data\":[1]}");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    Told told = Told.by("serve", folder.resolve("gone").toString(), "--port", "0", "--grpc-port", "0", "--admin-port", "0", "--data", folder.resolve("data").toString());
    assertThat(told.status()).isEqualTo(2);
    assertThat(told.err()).contains("error: the server cannot start: ", folder.resolve("gone").toString(), "does not exist");
  }

  private Process serve(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-Dstdout.encoding=UTF-8",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Main.class.getName(),
        "serve"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectOutput(file("out.txt")).redirectError(file("err.txt")).start();
  }

  private File file(String name) {
    return folder.resolve(name).toFile();
  }

  /// Waits for the start block too: it is printed right after the ports are written.
  private void await(Process process, Path ports) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(ports) || !Files.readString(folder.resolve("out.txt")).contains("faultline faults")) {
      assertThat(process.isAlive()).as(Files.readString(folder.resolve("err.txt"))).isTrue();
      assertThat(System.nanoTime()).as("the start block is printed").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.createDirectories(to);
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }
}
