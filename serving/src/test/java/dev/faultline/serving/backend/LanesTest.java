package dev.faultline.serving.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Fault;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.Outcome;
import dev.faultline.serving.Fixture;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LanesTest {
  private static final long LONG_MILLIS = 30_000;
  private static final float STUCK = 60;

  private final CountDownLatch letGo = new CountDownLatch(1);
  private final AtomicInteger inside = new AtomicInteger();

  @Test
  void runThatDoesNotComeBackLosesItsLaneAndAnotherTakesItsPlace() {
    var fixture = fixture(new Limits(1, 10, LONG_MILLIS, 100, 20, 2));
    assertThat(code(fixture.ask(STUCK))).isEqualTo("infer.timeout");
    until(() -> fixture.version.lanes().lost() == 1);
    assertThat(fixture.version.lanes().running()).isZero();
    assertThat(fixture.ask(1)).as("served while the lost run still holds its thread").isInstanceOf(Outcome.Served.class);
    assertThat(inside.get()).isEqualTo(1);
    letGo.countDown();
    until(() -> fixture.version.lanes().lost() == 0);
    assertThat(fixture.version.lanes().losses()).isEqualTo(1);
  }

  @Test
  void callerIsAnsweredAtItsDeadlineAndNotAfterTheGracePeriod() {
    var fixture = fixture(new Limits(1, 10, LONG_MILLIS, LONG_MILLIS, LONG_MILLIS, 2));
    var start = System.nanoTime();
    Outcome outcome = fixture.ask(Deadline.after(start, 50_000_000), Cancellation.NEVER, Map.of(), STUCK);
    assertThat(code(outcome)).isEqualTo("infer.deadline");
    assertThat(System.nanoTime() - start).isBetween(50_000_000L, TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS));
    letGo.countDown();
  }

  @Test
  void whenNoMoreLanesAreReplacedRequestsAreRefusedUntilOneComesBack() throws Exception {
    var fixture = fixture(new Limits(1, 10, LONG_MILLIS, 50, 10, 1));
    assertThat(code(fixture.ask(STUCK))).isEqualTo("infer.timeout");
    until(() -> fixture.version.lanes().lost() == 1);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> second = callers.submit(() -> fixture.ask(STUCK));
      until(() -> fixture.version.lanes().running() == 1);
      Future<Outcome> waits = callers.submit(() -> fixture.ask(1));
      assertThat(code(second.get())).isEqualTo("infer.timeout");
      assertThat(code(waits.get())).as("one that waited when the last lane was lost").isEqualTo("queue.lanes_lost");
    }
    var refused = ((Outcome.Faulted) fixture.ask(1)).fault();
    assertThat(refused.code().label()).isEqualTo("queue.lanes_lost");
    assertThat(refused.httpStatus()).isEqualTo(503);
    assertThat(refused.summary()).contains("2 runs were stopped and have not come back");
    letGo.countDown();
    until(() -> fixture.version.lanes().lost() == 0);
    assertThat(fixture.ask(1)).isInstanceOf(Outcome.Served.class);
    assertThat(fixture.version.lanes().running()).isZero();
  }

  @Test
  void versionWithALostLaneIsClosedOnlyWhenTheEngineHasReturned() {
    var fixture = fixture(new Limits(1, 10, LONG_MILLIS, 50, 10, 2));
    assertThat(code(fixture.ask(STUCK))).isEqualTo("infer.timeout");
    until(() -> fixture.version.lanes().lost() == 1);
    fixture.version.release();
    assertThat(fixture.closed).isFalse();
    letGo.countDown();
    until(fixture.closed::get);
  }

  @Test
  void liveLanesAreNeverMoreThanTheInstancesWhateverIsLost() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    var random = new java.util.Random(seed);
    var most = new AtomicInteger();
    var fixture = fixture(new Limits(2, 500, LONG_MILLIS, 20, 5, 3));
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<Outcome>>();
      for (int i = 0; i < 300; i++) {
        float value = random.nextInt(60) == 0 ? STUCK : 1;
        asked.add(callers.submit(() -> {
          most.accumulateAndGet(fixture.version.lanes().running(), Math::max);
          return fixture.ask(value);
        }));
      }
      for (Future<Outcome> each : asked) {
        assertThat(each.get() instanceof Outcome.Served ? "served" : code(each.get())).isIn("served", "infer.timeout", "queue.lanes_lost");
      }
    }
    assertThat(most.get()).isLessThanOrEqualTo(2);
    letGo.countDown();
    until(() -> fixture.version.lanes().lost() == 0 && fixture.version.lanes().running() == 0);
    assertThat(fixture.ask(1)).isInstanceOf(Outcome.Served.class);
    assertThat(fixture.heard).hasSize(301);
  }

  @Test
  void priorityDecidesWhoIsNextAndEqualsKeepTheirOrder() throws Exception {
    var order = Collections.synchronizedList(new ArrayList<Integer>());
    var gate = new CountDownLatch(1);
    var fixture = new Fixture((inputs, _) -> {
      int value = (int) inputs.getFirst().doubleAt(0);
      if (value == 0) {
        await(gate);
      }
      order.add(value);
      return inputs;
    }, new Limits(1, 100, LONG_MILLIS, LONG_MILLIS), List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      callers.execute(() -> fixture.ask(0));
      until(() -> fixture.version.lanes().running() == 1);
      queue(fixture, callers, 9, 41);
      queue(fixture, callers, 0, 21);
      queue(fixture, callers, 2, 11);
      queue(fixture, callers, 0, 22);
      queue(fixture, callers, 1, 1);
      queue(fixture, callers, 7, 31);
      gate.countDown();
    }
    assertThat(order).containsExactly(0, 1, 11, 21, 22, 31, 41);
  }

  @Test
  void requestThatTheQueueWouldOutlastIsRefusedAtOnce() throws Exception {
    var gate = new CountDownLatch(1);
    var fixture = new Fixture((inputs, _) -> {
      if (inputs.getFirst().doubleAt(0) == 0) {
        await(gate);
      }
      return sleep(inputs, 20);
    }, new Limits(1, 100, LONG_MILLIS, LONG_MILLIS), List.of());
    for (int i = 0; i < RunTimes.RUNS_MIN; i++) {
      fixture.ask(1);
    }
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      callers.execute(() -> fixture.ask(0));
      until(() -> fixture.version.lanes().running() == 1);
      for (int i = 0; i < 20; i++) {
        queue(fixture, callers, 0, 1);
      }
      Fault refused = ((Outcome.Faulted) fixture.ask(Deadline.after(System.nanoTime(), 200_000_000), Cancellation.NEVER, Map.of(), 1)).fault();
      assertThat(refused.code().label()).isEqualTo("queue.too_late");
      assertThat(refused.httpStatus()).isEqualTo(503);
      assertThat(refused.summary()).contains("20 requests are ahead").contains("the caller's deadline");
      gate.countDown();
    }
  }

  /// A queue of four and runs of 10 ms: nobody who is let in waits for more than a few runs, and who is not hears so at once.
  @Test
  void underTenTimesTheCapacityTheServedKeepTheirPaceAndTheRefusedAreAnsweredAtOnce() throws Exception {
    for (Adaptive adaptive : Adaptive.values()) {
      var fixture = new Fixture((inputs, _) -> sleep(inputs, 10), new Limits(1, 4, LONG_MILLIS, LONG_MILLIS).with(adaptive), List.of());
      var outcomes = new ArrayList<Future<Outcome>>();
      try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 500; i++) {
          sleep(List.of(), 1);
          outcomes.add(callers.submit(() -> fixture.ask(1)));
        }
      }
      List<Outcome> served = new ArrayList<>();
      List<Outcome> refused = new ArrayList<>();
      for (Future<Outcome> each : outcomes) {
        (each.get() instanceof Outcome.Served ? served : refused).add(each.get());
      }
      assertThat(fixture.heard).as("each request ends once").hasSize(500);
      assertThat(refused).as("%s", adaptive).isNotEmpty().extracting(LanesTest::code).containsOnly("queue.full");
      assertThat(served).as("%s", adaptive).isNotEmpty();
      assertThat(median(refused)).as("refused, ms, %s", adaptive).isLessThan(100);
      assertThat(median(served)).as("served, ms, %s", adaptive).isLessThan(2_000);
    }
  }

  private static double median(List<Outcome> outcomes) {
    return outcomes.stream().mapToDouble(each -> each.passage().totalNanos() / 1e6).sorted().skip(outcomes.size() / 2).findFirst().orElseThrow();
  }

  @Test
  void theAdaptiveLimitStaysBetweenTwiceTheInstancesAndTheFixedBounds() {
    for (Adaptive adaptive : List.of(Adaptive.GRADIENT2, Adaptive.AIMD)) {
      var limit = AdaptiveLimit.of(new Limits(2, 30, 100, 100).with(adaptive)).orElseThrow();
      for (int i = 0; i < 2_000; i++) {
        limit.served(1e6 * (1 + i), 40);
        assertThat(limit.now()).as("%s", adaptive).isBetween(4, 32);
      }
    }
    assertThat(AdaptiveLimit.of(new Limits(2, 30, 100, 100))).isEmpty();
  }

  private static void queue(Fixture fixture, ExecutorService callers, long priority, float value) {
    int before = fixture.version.lanes().waiting();
    callers.execute(() -> fixture.ask(Deadline.NEVER, Cancellation.NEVER, Map.of("priority", priority), value));
    until(() -> fixture.version.lanes().waiting() == before + 1);
  }

  /// The value [#STUCK] stays in the engine until the test lets go, whatever it is told.
  private Fixture fixture(Limits limits) {
    return new Fixture((inputs, _) -> {
      if (inputs.getFirst().doubleAt(0) == STUCK) {
        inside.incrementAndGet();
        await(letGo);
        inside.decrementAndGet();
      }
      return inputs;
    }, limits, List.of());
  }

  private static String code(Outcome outcome) {
    return ((Outcome.Faulted) outcome).fault().code().label();
  }

  private static List<Tensor> sleep(List<Tensor> inputs, long millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      java.util.concurrent.locks.LockSupport.parkNanos(end - System.nanoTime());
    }
    return inputs;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(40, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the condition came true in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }
}
