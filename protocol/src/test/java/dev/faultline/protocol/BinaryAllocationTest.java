package dev.faultline.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// What 50 MB of tensor cost in memory on the way through the codec.
class BinaryAllocationTest {
  private static final int BYTES = 50_000_000;

  @Test
  void decodingCopiesNothingAndEncodingCopiesOnce() {
    Payload payload = Binary.payload(Binary.request(Binary.input("x", "FP32", "[" + BYTES / 4 + "]", BYTES)), new byte[BYTES]);
    Measured<InferenceRequest> decoded = measure(() -> Binary.decode(payload));
    Tensor tensor = decoded.result.inputs().getFirst().tensor();
    var response = new InferenceResponse("", new ResolvedVersion("m", "1", ""), Map.of(), List.of(tensor));
    var asked = new InferenceRequest("", Wire.MODEL, Map.of("binary_data_output", true), List.of(), List.of(), Deadline.NEVER);
    Measured<Payload> encoded = measure(() -> new BinaryFromResponse(Labels.NONE).encode(response, asked));
    System.out.println("allocated for 50 MB: decode " + decoded.bytes + ", encode " + encoded.bytes);
    assertThat(decoded.bytes).isLessThan(BYTES / 50);
    assertThat(encoded.bytes).isBetween((long) BYTES, BYTES + BYTES / 50L);
  }

  private record Measured<T>(T result, long bytes) {}

  private static <T> Measured<T> measure(Supplier<T> work) {
    var _ = work.get();
    long before = allocated();
    T result = work.get();
    return new Measured<>(result, allocated() - before);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }
}
