package dev.faultline.protocol;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// Processor time and allocation of the codecs on one thread, for RATIONALE.md. Not a test: run `main`.
final class CodecMeasurement {
  private static final int WARM_UP = 60_000;
  private static final int ROUNDS = 7;
  private static final int RUNS = 20_000;

  private CodecMeasurement() {}

  public static void main(String[] arguments) throws Exception {
    byte[] twelve = twelveInputs();
    byte[] wide = Wire.request("FP32", "[100,30]", numbers(3_000)).getBytes(StandardCharsets.UTF_8);
    var decoder = new RequestFromJson();
    var encoder = new JsonFromResponse();
    InferenceRequest request = decoder.decode(Wire.arrival(twelve));
    var response =
        new InferenceResponse(
            "a1", new ResolvedVersion("m", "1", ""), Map.of(),
            List.of(Tensor.longs("label", Shape.of(1), 1), Tensor.floats("probabilities", Shape.of(1, 2), 0.123f, 0.877f)));
    var tree = new ObjectMapper();
    measure("decode 12 inputs of 1, " + twelve.length + " bytes", () -> decoder.decode(Wire.arrival(twelve)));
    measure("the same as a Jackson tree, nothing checked", () -> tree.readTree(twelve));
    measure("decode FP32[100,30], " + wide.length + " bytes", () -> decoder.decode(Wire.arrival(wide)));
    measure("the same as a Jackson tree, nothing checked", () -> tree.readTree(wide));
    measure("is UTF-8, " + wide.length + " bytes", () -> Utf8.isWellFormed(wide));
    measure("encode 2 outputs", () -> encoder.encode(response, request));
  }

  private static byte[] twelveInputs() {
    var json = new StringBuilder("{\"id\":\"a1\",\"inputs\":[");
    for (int i = 0; i < 12; i++) {
      String name = "column_" + i;
      json.append(i == 0 ? "" : ",").append("{\"name\":\"").append(name).append("\",\"shape\":[1,1],\"datatype\":\"");
      json.append(i % 2 == 0 ? "FP32\",\"data\":[" + (i * 17.25) + "]}" : "BYTES\",\"data\":[\"Some value " + i + "\"]}");
    }
    return json.append("]}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String numbers(int count) {
    var json = new StringBuilder("[0.5");
    for (int i = 1; i < count; i++) {
      json.append(',').append(i * 0.37f);
    }
    return json.append(']').toString();
  }

  private static void measure(String what, Callable<?> call) throws Exception {
    int sink = run(call, WARM_UP);
    var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var nanos = new double[ROUNDS];
    long before = bean.getCurrentThreadAllocatedBytes();
    for (int round = 0; round < ROUNDS; round++) {
      long start = bean.getCurrentThreadCpuTime();
      sink += run(call, RUNS);
      nanos[round] = (bean.getCurrentThreadCpuTime() - start) / (double) RUNS;
    }
    long bytes = (bean.getCurrentThreadAllocatedBytes() - before) / ((long) ROUNDS * RUNS);
    Arrays.sort(nanos);
    System.out.printf(
        "%-50s %8.0f ns (%.0f to %.0f) %8d bytes %s%n", what, nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1], bytes, sink == 0 ? "!" : "");
  }

  private static int run(Callable<?> call, int times) throws Exception {
    int sink = 0;
    for (int i = 0; i < times; i++) {
      sink += System.identityHashCode(call.call()) | 1;
    }
    return sink;
  }
}
