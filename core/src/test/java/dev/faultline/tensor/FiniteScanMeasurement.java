package dev.faultline.tensor;

import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/// Compares ways to look for a non-finite element in 50 MB of FP32. A program, not a test; its numbers stand in `core/RATIONALE.md`.
final class FiniteScanMeasurement {
  private static final int COUNT = 12_500_000;
  private static final int RUNS = 40;

  private FiniteScanMeasurement() {}

  public static void main(String[] args) {
    ByteBuffer bytes = Elements.allocate(DataType.FP32, COUNT);
    for (int i = 0; i < COUNT; i++) {
      bytes.putFloat(i * 4, i * 0.5f - 3);
    }
    var tensor = new Tensor("x", DataType.FP32, Shape.of(COUNT), Elements.fixed(DataType.FP32, bytes));
    byte[] copy = new byte[COUNT * 4];
    measure("memcpy", () -> {
      bytes.get(0, copy);
      return copy[17] & 0;
    });
    measure("scan", () -> FiniteScan.next(tensor, 0) + 1);
    measure("times zero", () -> timesZero(bytes));
    measure("isFinite", () -> isFinite(bytes));
    measure("doubleAt", () -> doubleAt(tensor));
  }

  private static void measure(String name, IntSupplier scan) {
    long best = Long.MAX_VALUE;
    int found = 0;
    for (int run = 0; run < RUNS; run++) {
      long start = System.nanoTime();
      found += scan.getAsInt();
      best = Math.min(best, System.nanoTime() - start);
    }
    System.out.printf("%-12s %6.2f ms  %5.1f GB/s  (%d found)%n", name, best / 1e6, COUNT * 4.0 / best, found);
  }

  private static int timesZero(ByteBuffer bytes) {
    float sum = 0;
    for (int i = 0; i < COUNT; i++) {
      sum += bytes.getFloat(i * 4) * 0;
    }
    return sum == 0 ? 0 : 1;
  }

  private static int isFinite(ByteBuffer bytes) {
    for (int i = 0; i < COUNT; i++) {
      if (!Float.isFinite(bytes.getFloat(i * 4))) {
        return 1;
      }
    }
    return 0;
  }

  private static int doubleAt(Tensor tensor) {
    for (int i = 0; i < COUNT; i++) {
      if (!Double.isFinite(tensor.doubleAt(i))) {
        return 1;
      }
    }
    return 0;
  }
}
