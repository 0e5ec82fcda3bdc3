package dev.faultline.benchmark;

import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.server.Faultline;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The same tensor by each wire, in turn, in one run: REST with JSON, REST with binary tensors, gRPC with raw contents. Then what the heap gives
/// for one tensor of 50 MB. The model hands its input back, so that nearly everything measured is the way to it and from it.
///
/// `Wires [SECONDS per run] [ROUNDS] [CALLERS]`. Server and callers share the process; callers send bytes made before and throw answers away.
public final class Wires {
  private static final int SMALL = 16;
  private static final int MEGABYTE = 1 << 18;
  private static final int LARGE = 50 * MEGABYTE;
  private static final int WARM_UP_SECONDS = 3;
  private static final int LARGE_CALLS = 10;

  private Wires() {}

  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 4;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
    int callers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4;
    Path folder = Files.createTempDirectory("wires");
    Path version = Files.createDirectories(folder.resolve("models/same/1"));
    Files.write(version.resolve("model.onnx"), model());
    try (Faultline server = start(folder, "true")) {
      throughput(server, SMALL, "64 bytes", seconds, rounds, callers);
      throughput(server, MEGABYTE, "1 MB", seconds, rounds, callers);
    }
    try (Faultline server = start(folder, "false")) {
      allocation(server);
    }
    System.exit(0);
  }

  private static byte[] model() {
    return GraphBuilder.named("same")
        .input("x", ElementType.FLOAT, "n")
        .node("same", "Identity", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "n")
        .bytes();
  }

  private static Faultline start(Path folder, String captured) throws Exception {
    Faultline server = Faultline.start(ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "server.payload_max_bytes", "256MiB",
        "capture.enabled", captured, "log.file", folder.resolve("log").toString())));
    server.awaitReady();
    return server;
  }

  private static void throughput(Faultline server, int floats, String size, int seconds, int rounds, int callers) throws Exception {
    Map<Wire, byte[]> requests = new EnumMap<>(Wire.class);
    Map<Wire, List<Double>> rates = new EnumMap<>(Wire.class);
    for (Wire wire : Wire.values()) {
      requests.put(wire, wire.request(floats));
      rates.put(wire, new ArrayList<>());
      rate(server, wire, requests.get(wire), WARM_UP_SECONDS, callers);
    }
    for (int round = 0; round < rounds; round++) {
      for (Wire wire : Wire.values()) {
        rates.get(wire).add(rate(server, wire, requests.get(wire), seconds, callers));
      }
    }
    System.out.printf("%n%s each way, %d callers%n%-12s %12s %12s %16s  against JSON, round by round%n", size, callers, "", "requests/s", "tensor MB/s", "request bytes");
    for (Wire wire : Wire.values()) {
      double median = median(rates.get(wire));
      String ratios = ratios(rates.get(wire), rates.get(Wire.JSON));
      System.out.printf("%-12s %12.0f %12.1f %16d  %s%n", wire, median, median * floats * Float.BYTES / 1e6, requests.get(wire).length, ratios);
    }
  }

  private static String ratios(List<Double> rates, List<Double> json) {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < rates.size(); i++) {
      ratios.add(rates.get(i) / json.get(i));
    }
    return ratios.stream().map("%.2f"::formatted).toList() + ", median " + "%.2f".formatted(median(ratios));
  }

  private static double rate(Faultline server, Wire wire, byte[] request, int seconds, int callers) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      var counts = new ArrayList<Future<Integer>>();
      for (int i = 0; i < callers; i++) {
        counts.add(threads.submit(() -> count(server, wire, request, end)));
      }
      int total = 0;
      for (Future<Integer> count : counts) {
        total += count.get();
      }
      return total * 1e9 / (System.nanoTime() - start);
    }
  }

  private static int count(Faultline server, Wire wire, byte[] request, long end) throws IOException {
    try (WireCaller caller = wire.caller(server.ports())) {
      int count = 0;
      while (System.nanoTime() < end) {
        caller.call(request);
        count++;
      }
      return count;
    }
  }

  /// What the threads of the process, the caller's among them, take from the heap for one call. Memory outside the heap is not in it.
  private static void allocation(Faultline server) throws IOException {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    System.out.printf("%n50 MB each way: heap allocated for one call, as a multiple of the tensor%n");
    for (Wire wire : List.of(Wire.REST_BINARY, Wire.GRPC_RAW)) {
      byte[] request = wire.request(LARGE);
      try (WireCaller caller = wire.caller(server.ports())) {
        for (int i = 0; i < 3; i++) {
          caller.call(request);
        }
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < LARGE_CALLS; i++) {
          caller.call(request);
        }
        double each = (threads.getTotalThreadAllocatedBytes() - before) / (double) LARGE_CALLS;
        System.out.printf("%-12s %.2f%n", wire, each / ((double) LARGE * Float.BYTES));
      }
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
