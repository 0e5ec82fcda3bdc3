package dev.faultline.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/// A few clients at once that send calls over HTTP, each the next one that is left, and pass on every answer.
record DemoClients(URI server, BiConsumer<DemoCall, DemoAnswer> heard) {
  private static final int CLIENTS = 4;

  void send(List<DemoCall> calls) throws IOException, InterruptedException {
    var next = new AtomicInteger();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> clients = IntStream.range(0, CLIENTS).mapToObj(_ -> threads.submit(() -> sendAll(http, calls, next))).toList();
      for (Future<Boolean> client : clients) {
        client.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the demo's own server did not answer: " + e.getCause(), e);
    }
  }

  private boolean sendAll(HttpClient http, List<DemoCall> calls, AtomicInteger next) throws IOException, InterruptedException {
    for (int i = next.getAndIncrement(); i < calls.size(); i = next.getAndIncrement()) {
      heard.accept(calls.get(i), send(http, calls.get(i)));
    }
    return true;
  }

  private DemoAnswer send(HttpClient http, DemoCall call) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(server.resolve(call.path()))
        .header("Content-Type", "application/json")
        .header("X-Client-Id", call.client())
        .POST(BodyPublishers.ofString(call.body()))
        .build();
    return DemoAnswer.of(http.send(request, BodyHandlers.ofString()));
  }
}
