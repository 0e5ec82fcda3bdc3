package dev.faultline.backend.onnx;

import dev.faultline.serving.backend.Backend;
import dev.faultline.testkit.BackendContract;
import org.junit.jupiter.api.Nested;

final class OnnxBackendTest {

  @Nested
  final class Contract extends BackendContract {
    private final Backend backend = new OnnxBackend();

    @Override
    protected Backend backend() {
      return backend;
    }
  }
}
