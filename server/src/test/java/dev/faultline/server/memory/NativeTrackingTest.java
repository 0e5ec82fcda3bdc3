package dev.faultline.server.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class NativeTrackingTest {

  @Test
  void committedBytesAreReadByCategory() {
    String summary = """
        Native Memory Tracking:

        Total: reserved=5650144KB, committed=421552KB
               malloc: 33812KB #98710, peak=34012KB #99001

        -                 Java Heap (reserved=4100096KB, committed=256000KB)
                                    (mmap: reserved=4100096KB, committed=256000KB, at peak)

        -                    Thread (reserved=41112KB, committed=1540KB)
                                    (threads #40)
        """;
    assertThat(NativeTracking.parse(summary)).isEqualTo(Map.of("Java Heap", 256_000L << 10, "Thread", 1_540L << 10));
  }

  @Test
  void aJvmThatDoesNotTrackHasNoCategories() {
    assertThat(NativeTracking.parse("Native memory tracking is not enabled")).isEmpty();
  }
}
