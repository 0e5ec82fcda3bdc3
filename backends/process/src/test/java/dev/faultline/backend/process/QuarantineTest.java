package dev.faultline.backend.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.faultline.fault.FaultException;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class QuarantineTest {
  private long nanos;
  private final Quarantine quarantine = new Quarantine(new QuarantinePolicy(2, 1_000, 3), () -> nanos);

  private static List<Tensor> input(long number) {
    return List.of(Tensor.longs("x", Shape.of(1), number), Tensor.strings("s", Shape.of(1), List.of("a")));
  }

  private boolean refuses(List<Tensor> input) {
    try {
      quarantine.requireClear(input);
      return false;
    } catch (FaultException e) {
      return true;
    }
  }

  @Test
  void onlyWhatKilledTwiceIsRefusedWhateverTheOrderOfItsTensors() {
    quarantine.strike(input(1), 1, "SIGFPE");
    assertThat(refuses(input(1))).isFalse();
    quarantine.strike(input(1), 1, "SIGFPE");
    assertThat(refuses(input(1))).isTrue();
    assertThat(refuses(input(1).reversed())).isTrue();
    assertThat(refuses(input(2))).isFalse();
    assertThatExceptionOfType(FaultException.class).isThrownBy(() -> quarantine.requireClear(input(1))).withMessageContaining("SIGFPE");
  }

  @Test
  void itEndsByItself() {
    quarantine.strike(input(1), 2, "SIGFPE");
    nanos = TimeUnit.MILLISECONDS.toNanos(999);
    assertThat(refuses(input(1))).isTrue();
    nanos = TimeUnit.MILLISECONDS.toNanos(1_001);
    assertThat(refuses(input(1))).isFalse();
    assertThat(quarantine.entries()).isEmpty();
  }

  @Test
  void itRemembersSoManyInputsAndNoMore() {
    for (int i = 0; i < 4; i++) {
      quarantine.strike(input(i), 2, "SIGSEGV");
    }
    assertThat(quarantine.entries()).hasSize(3);
    assertThat(refuses(input(0))).isFalse();
    assertThat(refuses(input(3))).isTrue();
  }

  @Test
  void whoClearsItLetsTheInputsIn() {
    String digest = quarantine.strike(input(1), 2, "SIGSEGV").digest();
    assertThat(quarantine.clear("sha256:other")).isFalse();
    assertThat(quarantine.clear(digest)).isTrue();
    assertThat(refuses(input(1))).isFalse();
    quarantine.strike(input(2), 2, "SIGSEGV");
    quarantine.clearAll();
    assertThat(refuses(input(2))).isFalse();
  }

  @Test
  void inputsThatDifferInShapeOrTextBoundariesAreDifferent() {
    assertThat(InputDigest.of(List.of(Tensor.strings("s", Shape.of(2), List.of("ab", "c")))))
        .isNotEqualTo(InputDigest.of(List.of(Tensor.strings("s", Shape.of(2), List.of("a", "bc")))));
    assertThat(InputDigest.of(List.of(Tensor.longs("x", Shape.of(1, 2), 1, 2))))
        .isNotEqualTo(InputDigest.of(List.of(Tensor.longs("x", Shape.of(2, 1), 1, 2))));
  }
}
