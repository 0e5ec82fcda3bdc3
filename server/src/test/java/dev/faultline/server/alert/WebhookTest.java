package dev.faultline.server.alert;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.faultline.server.alert.Webhook.Tries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of messages when the receiver is away, slow, broken or particular.
class WebhookTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Tries QUICK = new Tries(4, Duration.ofMillis(5), Duration.ofMillis(20), LONG);

  private final List<String> taken = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer receiver;
  private volatile Receiving receiving = () -> 200;

  /// How the receiver answers.
  private interface Receiving {
    int status() throws InterruptedException;
  }

  @BeforeEach
  void listen() throws IOException {
    receiver = receiver(0);
  }

  @AfterEach
  void stop() {
    release.countDown();
    receiver.stop(0);
  }

  @Test
  void messagesComeOnceAndInOrder() throws Exception {
    try (var webhook = webhook(QUICK)) {
      List<String> sent = IntStream.range(0, 20).mapToObj(i -> "{\"n\":" + i + "}").toList();
      sent.forEach(each -> send(webhook, each));
      await(() -> webhook.sent() == 20);
      assertThat(taken).isEqualTo(sent);
      assertThat(webhook.failed() + webhook.dropped()).isZero();
    }
  }

  @Test
  void aReceiverThatAnswers500IsAskedAgainUntilTheTriesAreUsedUpAndTheNextMessageIsTried() throws Exception {
    receiving = () -> asked.get() <= 4 ? 500 : 200;
    try (var webhook = webhook(QUICK)) {
      send(webhook, "first");
      send(webhook, "second");
      await(() -> webhook.sent() == 1);
      assertThat(webhook.failed()).isEqualTo(1);
      assertThat(asked.get()).isEqualTo(5);
      assertThat(taken).containsExactly("second");
    }
  }

  @Test
  void oneThatIsBusyIsAskedAgainAndOneThatRefusesForGoodIsNot() throws Exception {
    receiving = () -> asked.get() == 1 ? 429 : asked.get() == 2 ? 200 : 400;
    try (var webhook = webhook(QUICK)) {
      send(webhook, "busy");
      send(webhook, "refused");
      await(() -> webhook.failed() == 1);
      assertThat(webhook.sent()).isEqualTo(1);
      assertThat(asked.get()).isEqualTo(3);
    }
  }

  @Test
  void aReceiverThatIsDownGetsItsMessageWhenItIsBack() throws Exception {
    int port = receiver.getAddress().getPort();
    receiver.stop(0);
    try (var webhook = new Webhook(URI.create("http://127.0.0.1:" + port + "/hook"), new Tries(1_000, Duration.ofMillis(5), Duration.ofMillis(20), LONG))) {
      send(webhook, "late");
      assertThat(webhook.sent()).isZero();
      receiver = receiver(port);
      await(() -> webhook.sent() == 1);
      assertThat(taken).containsExactly("late");
      assertThat(webhook.failed()).isZero();
    }
  }

  @Test
  void oneThatTakesTooLongIsAskedAgainAndNobodyWaitsForIt() throws Exception {
    receiving = () -> asked.get() == 1 && !release.await(1, TimeUnit.MINUTES) ? 500 : 200;
    try (var webhook = webhook(new Tries(10, Duration.ofMillis(5), Duration.ofMillis(20), Duration.ofMillis(300)))) {
      long start = System.nanoTime();
      send(webhook, "slowly");
      assertThat(System.nanoTime() - start).as("the sender's time").isLessThan(TimeUnit.MILLISECONDS.toNanos(250));
      await(() -> webhook.sent() == 1);
      assertThat(asked.get()).isGreaterThan(1);
    }
  }

  @Test
  void whatFindsNoPlaceIsDroppedAndCounted() throws Exception {
    receiving = () -> release.await(1, TimeUnit.MINUTES) ? 200 : 500;
    try (var webhook = webhook(QUICK)) {
      send(webhook, "under way");
      await(() -> asked.get() == 1);
      for (int i = 0; i < Webhook.WAITING_MAX + 7; i++) {
        send(webhook, "waiting");
      }
      assertThat(webhook.dropped()).isEqualTo(7);
      release.countDown();
      await(() -> webhook.sent() == 1 + Webhook.WAITING_MAX);
    }
  }

  @Test
  void closingDoesNotWaitForAReceiverAndCountsWhatIsLost() throws Exception {
    receiving = () -> release.await(1, TimeUnit.MINUTES) ? 200 : 500;
    var webhook = webhook(QUICK);
    send(webhook, "under way");
    send(webhook, "waiting");
    await(() -> asked.get() == 1);
    webhook.close();
    await(() -> webhook.dropped() + webhook.failed() == 2);
    assertThat(webhook.sent()).isZero();
  }

  @Test
  void pausesDoubleUpToTheirBoundAndLeaveTimeForARestart() {
    assertThat(IntStream.range(1, 6).mapToObj(QUICK::pauseAfter)).containsExactly(
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(20));
    Duration all = IntStream.range(1, Tries.DEFAULT.max()).mapToObj(Tries.DEFAULT::pauseAfter).reduce(Duration.ZERO, Duration::plus);
    assertThat(all).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(10));
  }

  private Webhook webhook(Tries tries) {
    return new Webhook(URI.create("http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook"), tries);
  }

  private HttpServer receiver(int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/hook", exchange -> {
      String message = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.incrementAndGet();
      try {
        int status = receiving.status();
        if (status == 200) {
          taken.add(message);
        }
        exchange.sendResponseHeaders(status, -1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } finally {
        exchange.close();
      }
    });
    server.start();
    return server;
  }

  private static void send(Webhook webhook, String message) {
    webhook.send(message.getBytes(StandardCharsets.UTF_8));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it happened in time").isLessThan(end);
      Thread.sleep(2);
    }
  }
}
