package dev.faultline.server.alert;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers messages to one address, in order, each until it is taken or given up. At most [#WAITING_MAX] wait; a message that finds no place
/// is dropped and counted. Never in the way of a request.
///
/// A receiver that is away, slow, or answers 5xx, 408 or 429 is asked again; any other refusal would be the same the next time and is final, as
/// in Alertmanager. A message whose answer was late may come twice: it has the same fingerprint and `startsAt`.
final class Webhook implements AutoCloseable {
  /// What has become of messages where none are sent.
  static final Map<String, Long> NONE = Map.of("sent", 0L, "failed", 0L, "dropped", 0L);
  static final int WAITING_MAX = 256;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

  /// How long a message is worth trying: the pause doubles from try to try up to `pauseMax`; an answer may take `patience`.
  record Tries(int max, Duration firstPause, Duration pauseMax, Duration patience) {
    /// Three minutes at least, in which a receiver can be restarted.
    static final Tries DEFAULT = new Tries(10, Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofSeconds(10));

    private static final int DOUBLINGS_MAX = 20;

    Duration pauseAfter(int tries) {
      Duration doubled = firstPause.multipliedBy(1L << Math.min(tries - 1, DOUBLINGS_MAX));
      return doubled.compareTo(pauseMax) < 0 ? doubled : pauseMax;
    }
  }

  /// What became of one try.
  private sealed interface Answer {
    record Taken() implements Answer {}

    record NotNow(String problem) implements Answer {}

    record Never(String problem) implements Answer {}
  }

  private final URI address;
  private final String contentType;
  private final Tries tries;
  private final HttpClient client;
  private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
      1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX),
      Thread.ofPlatform().daemon().name("faultline-webhook").factory());
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /// Messages in JSON.
  Webhook(URI address, Tries tries) {
    this(address, "application/json", tries);
  }

  Webhook(URI address, String contentType, Tries tries) {
    this.address = address;
    this.contentType = contentType;
    this.tries = tries;
    this.client = HttpClient.newBuilder().connectTimeout(tries.patience()).version(HttpClient.Version.HTTP_1_1).build();
  }

  void send(byte[] json) {
    try {
      thread.execute(() -> deliver(json));
    } catch (RejectedExecutionException e) {
      dropped.incrementAndGet();
    }
  }

  /// All three by name.
  Map<String, Long> counts() {
    return Map.of("sent", sent(), "failed", failed(), "dropped", dropped());
  }

  long sent() {
    return sent.get();
  }

  /// Refused, or given up after all tries.
  long failed() {
    return failed.get();
  }

  /// For want of a place, or because the server stopped before it could be delivered.
  long dropped() {
    return dropped.get();
  }

  @Override
  public void close() {
    dropped.addAndGet(thread.shutdownNow().size());
    client.shutdownNow();
  }

  private void deliver(byte[] json) {
    try {
      Answer answer = post(json);
      int asked = 1;
      while (answer instanceof Answer.NotNow && asked < tries.max()) {
        TimeUnit.MILLISECONDS.sleep(tries.pauseAfter(asked).toMillis());
        answer = post(json);
        asked++;
      }
      settle(answer, asked);
    } catch (InterruptedException e) {
      dropped.incrementAndGet();
      Thread.currentThread().interrupt();
    }
  }

  private void settle(Answer answer, int asked) {
    switch (answer) {
      case Answer.Taken _ -> sent.incrementAndGet();
      case Answer.NotNow(String problem) -> giveUp(problem, asked);
      case Answer.Never(String problem) -> giveUp(problem, asked);
    }
  }

  private void giveUp(String problem, int asked) {
    failed.incrementAndGet();
    LOG.warn("a message could not be delivered to {} in {} tries: {}", address, asked, problem);
  }

  private Answer post(byte[] json) throws InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address)
        .timeout(tries.patience())
        .header("Content-Type", contentType)
        .POST(BodyPublishers.ofByteArray(json))
        .build();
    try {
      return answer(client.send(request, BodyHandlers.discarding()));
    } catch (IOException e) {
      return new Answer.NotNow(e.toString());
    }
  }

  private static Answer answer(HttpResponse<Void> response) {
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Answer.Taken();
    }
    String problem = "it answered " + status;
    return status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS ? new Answer.NotNow(problem) : new Answer.Never(problem);
  }
}
