package dev.faultline.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteScanTest {
  private static final int COUNT = 5_000;

  @ParameterizedTest
  @EnumSource(names = {"FP16", "BF16", "FP32", "FP64"})
  void everyNonfiniteElementIsFoundAtItsPlaceInEveryFloatingType(DataType type) {
    for (long seed = 1; seed <= 20; seed++) {
      var random = new SplittableRandom(seed);
      ByteBuffer bytes = Elements.allocate(type, COUNT);
      for (int i = 0; i < COUNT; i++) {
        put(bytes, type, i, (float) (random.nextGaussian() * 100));
      }
      List<Integer> planted = random.ints(random.nextInt(6), 0, COUNT).sorted().distinct().boxed().toList();
      float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
      for (int at : planted) {
        put(bytes, type, at, bad[random.nextInt(bad.length)]);
      }
      var tensor = new Tensor("x", type, Shape.of(COUNT), Elements.fixed(type, bytes));
      assertThat(found(tensor)).as("seed %d", seed).isEqualTo(planted);
      assertThat(FiniteScan.allFinite(tensor)).isEqualTo(planted.isEmpty());
    }
  }

  @Test
  void theLargestFiniteValuesAreFinite() {
    float[] values = new float[COUNT];
    java.util.Arrays.fill(values, 0, COUNT / 2, Float.MAX_VALUE);
    java.util.Arrays.fill(values, COUNT / 2, COUNT, -Float.MAX_VALUE);
    assertThat(FiniteScan.next(Tensor.floats("x", Shape.of(COUNT), values), 0)).isEqualTo(-1);
  }

  @Test
  void aSignallingNanWithAnySignIsFound() {
    float[] values = new float[COUNT];
    values[4_321] = Float.intBitsToFloat(0xff800001);
    assertThat(FiniteScan.next(Tensor.floats("x", Shape.of(COUNT), values), 0)).isEqualTo(4_321);
  }

  @Test
  void nextNanPassesOverInfinities() {
    var tensor = Tensor.doubles("x", Shape.of(4), Double.NEGATIVE_INFINITY, 1, Double.NaN, Double.POSITIVE_INFINITY);
    assertThat(FiniteScan.nextNan(tensor, 0)).isEqualTo(2);
    assertThat(FiniteScan.nextNan(tensor, 3)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1023, 1024, 1025, 2048})
  void theLastElementIsSeenWhateverTheLength(int count) {
    float[] values = new float[count];
    if (count > 0) {
      values[count - 1] = Float.NaN;
    }
    assertThat(FiniteScan.next(Tensor.floats("x", Shape.of(count), values), 0)).isEqualTo(count - 1);
  }

  @Test
  void integersAndTextAreAlwaysFinite() {
    assertThat(FiniteScan.allFinite(Tensor.longs("x", Shape.of(1), Long.MIN_VALUE))).isTrue();
    assertThat(FiniteScan.allFinite(Tensor.strings("x", Shape.of(1), List.of("NaN")))).isTrue();
  }

  private static List<Integer> found(Tensor tensor) {
    var found = new ArrayList<Integer>();
    for (int at = FiniteScan.next(tensor, 0); at >= 0; at = FiniteScan.next(tensor, at + 1)) {
      found.add(at);
    }
    return found;
  }

  private static void put(ByteBuffer bytes, DataType type, int index, float value) {
    switch (type) {
      case FP16 -> bytes.putShort(index * 2, Float.floatToFloat16(value));
      case BF16 -> bytes.putShort(index * 2, (short) (Float.floatToRawIntBits(value) >>> 16));
      case FP32 -> bytes.putFloat(index * 4, value);
      case FP64 -> bytes.putDouble(index * 8, value);
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> throw new IllegalArgumentException(type.name());
    }
  }
}
