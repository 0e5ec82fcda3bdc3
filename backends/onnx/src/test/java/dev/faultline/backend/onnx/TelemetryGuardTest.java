package dev.faultline.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In child JVMs without `CI` and `ORT_DISABLE_TELEMETRY` in their environment, and without a network.
final class TelemetryGuardTest {

  @TempDir private Path folder;

  @Test
  void theEngineLeavesNoTraceWhenStartedThroughUs() throws Exception {
    ChildJvm guarded = ChildJvm.run(Files.createDirectory(folder.resolve("home")), "guarded");
    assertThat(guarded.said()).endsWith("done\n");
    assertThat(guarded.files()).isEmpty();
  }

  @Test
  void withoutTheGuardItDoesSoThatTheTestAboveCanFail() throws Exception {
    ChildJvm bare = ChildJvm.run(Files.createDirectory(folder.resolve("home")), "bare");
    assertThat(bare.said()).endsWith("done\n");
    assertThat(bare.files()).as("if this is empty the engine no longer collects anything, or hides it better").anyMatch(file -> file.contains("Microsoft"));
  }
}
