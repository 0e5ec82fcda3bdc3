package dev.faultline.backend.process;

import dev.faultline.serving.backend.Backend;
import dev.faultline.testkit.BackendContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

final class ProcessBackendTest {
  @TempDir private static Path crashes;
  private static Workers workers;

  @BeforeAll
  static void start() throws IOException {
    workers = Workers.onnx(crashes);
  }

  @AfterAll
  static void stop() {
    workers.close();
  }

  @Nested
  final class Contract extends BackendContract {
    @Override
    protected Backend backend() {
      return workers.backend();
    }
  }
}
