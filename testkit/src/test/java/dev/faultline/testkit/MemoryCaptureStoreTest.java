package dev.faultline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.MemoryCaptureStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryCaptureStoreTest {

  @Nested
  class Contract extends CaptureStoreContract {
    @Override
    protected CaptureStore empty() {
      return new MemoryCaptureStore(20_000, 256 << 20);
    }
  }

  @Test
  void theOldestGoFirstWhenThereAreTooMany() {
    var captures = new Captures(1);
    var store = new MemoryCaptureStore(10, 1 << 20);
    var some = captures.baselines(25);
    store.append(some);

    assertThat(store.stats().count()).isEqualTo(10);
    assertThat(store.find(some.get(14).id())).isEmpty();
    assertThat(store.find(some.get(15).id())).isPresent();
  }

  @Test
  void theOldestGoFirstWhenTheyAreTooLarge() {
    var captures = new Captures(1);
    var store = new MemoryCaptureStore(1_000, 100_000);
    for (int i = 0; i < 10; i++) {
      store.append(java.util.List.of(captures.withPayload(30_000)));
    }

    assertThat(store.stats().count()).isEqualTo(3);
    assertThat(store.stats().bytes()).isLessThanOrEqualTo(100_000);
  }
}
