package dev.faultline.backend.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RestartPolicyTest {

  @Test
  void theFirstStartsAreImmediateThenThePauseDoublesUpToAnEnd() {
    assertThat(IntStream.rangeClosed(1, 12).mapToObj(RestartPolicy.STANDARD::delayMillis))
        .containsExactly(0L, 0L, 0L, 250L, 500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
    assertThat(RestartPolicy.STANDARD.delayMillis(Integer.MAX_VALUE)).isEqualTo(30_000);
  }

  @Test
  void processorsAreReadAsTheKernelWritesThem() {
    assertThat(Processors.parse("0-3,8")).containsExactly(0, 1, 2, 3, 8);
  }
}
