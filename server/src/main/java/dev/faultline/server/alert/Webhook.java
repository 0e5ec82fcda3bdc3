package dev.faultline.server.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers messages to one address, in order, each until it is taken or [#TRIES_MAX] tries have failed. At most [#WAITING_MAX] wait; a
/// message that finds no place is dropped and counted. Never in the way of a request.
final class Webhook implements AutoCloseable {
  static final int WAITING_MAX = 256;
  static final int TRIES_MAX = 5;
  private static final long FIRST_PAUSE_MILLIS = 500;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  private final URI address;
  private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).version(HttpClient.Version.HTTP_1_1).build();
  private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
      1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX),
      Thread.ofPlatform().daemon().name("faultline-webhook").factory());
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  Webhook(URI address) {
    this.address = address;
  }

  void send(byte[] json) {
    try {
      thread.execute(() -> deliver(json));
    } catch (RejectedExecutionException e) {
      dropped.incrementAndGet();
    }
  }

  long sent() {
    return sent.get();
  }

  /// Given up after all tries.
  long failed() {
    return failed.get();
  }

  long dropped() {
    return dropped.get();
  }

  @Override
  public void close() {
    dropped.addAndGet(thread.shutdownNow().size());
    client.shutdownNow();
  }

  private void deliver(byte[] json) {
    String problem = "";
    for (int i = 0; i < TRIES_MAX; i++) {
      try {
        if (i > 0) {
          TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << (i - 1));
        }
        int status = post(json);
        if (status / 100 == 2) {
          sent.incrementAndGet();
          return;
        }
        problem = "it answered " + status;
      } catch (IOException e) {
        problem = String.valueOf(e);
      } catch (InterruptedException e) {
        dropped.incrementAndGet();
        Thread.currentThread().interrupt();
        return;
      }
    }
    failed.incrementAndGet();
    LOG.warn("an alert could not be delivered to {} in {} tries: {}", address, TRIES_MAX, problem);
  }

  private int post(byte[] json) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address)
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofByteArray(json))
        .build();
    HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
    return answer.statusCode();
  }
}
