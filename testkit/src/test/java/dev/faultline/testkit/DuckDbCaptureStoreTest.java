package dev.faultline.testkit;

import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.DuckDbCaptureStore;
import dev.faultline.capture.StoreLimits;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Nested;

class DuckDbCaptureStoreTest {

  @Nested
  class Contract extends DurableCaptureStoreContract {
    @Override
    protected CaptureStore open(Path directory) {
      return DuckDbCaptureStore.open(directory, StoreLimits.DEFAULT, InstantSource.fixed(Captures.START));
    }
  }
}
