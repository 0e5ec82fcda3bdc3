package dev.faultline.evaluation.surface;

import dev.faultline.evaluation.traffic.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/// Sends the traffic of a case in its order, with so many requests under way at once.
public final class Sender {
  private Sender() {}

  public static List<Answer> send(ServerUnderTest server, List<Request> requests, int atOnce) throws InterruptedException {
    var places = new Semaphore(atOnce);
    var waiting = new ArrayList<Future<Answer>>(requests.size());
    try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
      for (Request request : requests) {
        places.acquire();
        waiting.add(threads.submit(() -> sent(server, request, places)));
      }
    }
    var answers = new ArrayList<Answer>(requests.size());
    for (Future<Answer> each : waiting) {
      answers.add(result(each));
    }
    return answers;
  }

  private static Answer sent(ServerUnderTest server, Request request, Semaphore places) throws InterruptedException {
    try {
      return server.send(request);
    } finally {
      places.release();
    }
  }

  private static Answer result(Future<Answer> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a request of the traffic got no answer at all", e);
    }
  }
}
