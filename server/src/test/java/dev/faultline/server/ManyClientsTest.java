package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.inference.ModelInferResponse;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A third of the clients by gRPC, a third by REST with JSON, a third by REST with binary tensors, each with inputs that nobody else sends. `-Dfaultline.clients.seconds=30` for the long run.
class ManyClientsTest {
  private static final int CLIENTS = 64;
  private static final String HEAD_LENGTH = "Inference-Header-Content-Length";
  private static final Duration LASTING = Duration.ofSeconds(Integer.getInteger("faultline.clients.seconds", 3));

  @Test
  void noAnswerIsEverAnotherRequests(@TempDir Path folder) throws Exception {
    var settings = Map.of("limits.instances", "2", "limits.queue_capacity", "1000", "limits.queue_timeout", "60s");
    try (var running = new RunningServer(folder, settings);
        var client = new GrpcClient(running.server.ports().grpc());
        HttpClient binary = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long end = System.nanoTime() + LASTING.toNanos();
      List<Future<Integer>> counts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        counts.add(threads.submit(() -> switch (number % 3) {
          case 0 -> overGrpc(client, number, end);
          case 1 -> overJson(running, number, end);
          default -> overBinary(running, binary, number, end);
        }));
      }
      int total = 0;
      for (Future<Integer> count : counts) {
        int answered = count.get(LASTING.toSeconds() + 60, TimeUnit.SECONDS);
        assertThat(answered).isPositive();
        total += answered;
      }
      System.out.println(total + " answers to " + CLIENTS + " clients in " + LASTING.toSeconds() + " s, none of them another's");
      assertThat(running.engine.runs.get()).isEqualTo(total);
    }
  }

  private static int overGrpc(GrpcClient client, int number, long end) {
    int count = 0;
    for (; System.nanoTime() < end; count++) {
      float x = value(number, count);
      ModelInferResponse answer = client.calls().modelInfer(GrpcClient.raw(x, -x).setId(number + "/" + count).build());
      assertThat(answer.getId()).isEqualTo(number + "/" + count);
      assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).getFloat()).isEqualTo(2 * x);
    }
    return count;
  }

  private static int overJson(RunningServer running, int number, long end) throws Exception {
    int count = 0;
    for (; System.nanoTime() < end; count++) {
      float x = value(number, count);
      HttpResponse<String> answer = running.infer(x, "X-Request-Id", "c" + number + "." + count);
      assertThat(answer.headers().firstValue("x-request-id")).hasValue("c" + number + "." + count);
      assertThat(answer.body()).contains("\"data\":[" + 2 * x + "]");
    }
    return count;
  }

  private static int overBinary(RunningServer running, HttpClient client, int number, long end) throws Exception {
    int count = 0;
    for (; System.nanoTime() < end; count++) {
      float x = value(number, count);
      String head = "{\"id\":\"" + number + "/" + count + "\",\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1],"
          + "\"parameters\":{\"binary_data_size\":4}}],\"parameters\":{\"binary_data_output\":true}}";
      ByteBuffer body = ByteBuffer.allocate(head.length() + Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      body.put(head.getBytes(StandardCharsets.US_ASCII)).putFloat(x);
      var request = RunningServer.builder(running.uri("/v2/models/m/infer"), HEAD_LENGTH, Integer.toString(head.length())).POST(BodyPublishers.ofByteArray(body.array()));
      HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
      int at = Integer.parseInt(answer.headers().firstValue(HEAD_LENGTH).orElseThrow());
      assertThat(new String(answer.body(), 0, at, StandardCharsets.US_ASCII)).contains("\"id\":\"" + number + "/" + count + "\"");
      assertThat(ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).getFloat(at)).isEqualTo(2 * x);
    }
    return count;
  }

  /// Different for every client and request, exact as a float, and none of the values the fake engine treats specially.
  private static float value(int number, int count) {
    return 1_000 + number + CLIENTS * (count % 100_000);
  }
}
