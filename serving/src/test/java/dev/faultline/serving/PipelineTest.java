package dev.faultline.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Field;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Stage;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.Outcome;
import dev.faultline.request.StageRun;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.step.Step;
import dev.faultline.serving.step.StepException;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PipelineTest {
  private static final Limits ROOMY = new Limits(2, 100, 10_000, 10_000);

  @Test
  void servedRequestPassesNineStagesInOrder() {
    var fixture = new Fixture(PipelineTest::echo, ROOMY, List.of());
    Outcome outcome = fixture.ask(7);
    assertThat(outcome).isInstanceOf(Outcome.Served.class);
    assertThat(outcome.passage().stages()).extracting(StageRun::stage).containsExactly(Stage.values());
    assertThat(outcome.passage().version().toString()).isEqualTo("m/1");
    assertThat(fixture.heard).containsExactly(outcome);
  }

  @Test
  void stagesAddUpToNoMoreThanTheTotal() {
    Outcome outcome = new Fixture(PipelineTest::echo, ROOMY, List.of()).ask(7);
    long sum = outcome.passage().stages().stream().mapToLong(StageRun::durationNanos).sum();
    assertThat(sum).isLessThanOrEqualTo(outcome.passage().totalNanos());
  }

  @Test
  void engineThatThrowsAnythingElseIsOurDefectAndKeepsItsTrace() {
    Outcome outcome = new Fixture((_, _) -> { throw new IllegalArgumentException("boom"); }, ROOMY, List.of()).ask(1);
    var fault = ((Outcome.Faulted) outcome).fault();
    assertThat(fault.code().label()).isEqualTo("infer.defect");
    assertThat(fault.blame()).isEqualTo(Blame.SERVER);
    assertThat(fault.thrown().orElseThrow().trace()).contains("Caused by: java.lang.IllegalArgumentException: boom");
  }

  @Test
  void operandThatIsTheCallersOwnValueBecomesTheCallersField() {
    Outcome outcome = new Fixture((_, _) -> { throw nodeFailed(); }, ROOMY, List.of()).ask(1, 99);
    var fault = ((Outcome.Faulted) outcome).fault();
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.httpStatus()).isEqualTo(400);
    assertThat(fault.field().orElseThrow().path()).isEqualTo("inputs/x[1]");
    assertThat(fault.field().orElseThrow().pointer()).isEqualTo("/inputs/0/data/1");
  }

  @Test
  void operandThatAStepHasMadeIsNotTheCallers() {
    Outcome outcome = new Fixture((_, _) -> { throw nodeFailed(); }, ROOMY, List.of(new Doubled())).ask(1, 99);
    var fault = ((Outcome.Faulted) outcome).fault();
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(fault.httpStatus()).isEqualTo(500);
    assertThat(fault.field()).isEmpty();
  }

  @Test
  void stepThatMakesInfinityOfTheCallersNumberIsNamedWithTheNumber() {
    Outcome outcome = new Fixture(PipelineTest::echo, ROOMY, List.of(new Doubled())).ask(1, Float.MAX_VALUE);
    var fault = ((Outcome.Faulted) outcome).fault();
    assertThat(fault.code().label()).isEqualTo("preprocess.nonfinite");
    assertThat(fault.step()).contains("twice");
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.field().orElseThrow().path()).isEqualTo("inputs/x[1]");
  }

  @Test
  void stepsAreKeptWithWhatWentInAndCameOut() {
    Outcome outcome = new Fixture(PipelineTest::echo, ROOMY, List.of(new Doubled())).ask(3);
    assertThat(outcome.passage().steps()).singleElement().satisfies(run -> {
      assertThat(run.name()).isEqualTo("twice");
      assertThat(run.inputSummaries().getFirst().max()).isEqualTo(3);
      assertThat(run.outputSummaries().getFirst().max()).isEqualTo(6);
    });
  }

  @Test
  void stepThatFailsOnTheCallersValueIsTheCallersFault() {
    Outcome outcome = new Fixture(PipelineTest::echo, ROOMY, List.of(new Doubled())).ask(-1);
    var fault = ((Outcome.Faulted) outcome).fault();
    assertThat(fault.code().label()).isEqualTo("preprocess.step_failed");
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.field().orElseThrow().path()).isEqualTo("inputs/x[0]");
    assertThat(outcome.passage().steps()).hasSize(1);
  }

  @Test
  void modelsOwnLimitStopsTheRunAndFreesTheLane() {
    var fixture = new Fixture(PipelineTest::untilStopped, new Limits(1, 10, 5_000, 80), List.of());
    var fault = ((Outcome.Faulted) fixture.ask(1)).fault();
    assertThat(fault.code().label()).isEqualTo("infer.timeout");
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(((Outcome.Faulted) fixture.ask(1)).fault().code().label()).as("the lane is free again").isEqualTo("infer.timeout");
    until(() -> fixture.version.lanes().running() == 0);
  }

  @Test
  void callersDeadlineIsTheCallers() {
    var fixture = new Fixture(PipelineTest::untilStopped, ROOMY, List.of());
    var fault = ((Outcome.Faulted) fixture.ask(Deadline.after(System.nanoTime(), 60_000_000), Cancellation.NEVER)).fault();
    assertThat(fault.code().label()).isEqualTo("infer.deadline");
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
  }

  @Test
  void deadlineThatHasPassedEndsTheRequestBeforeAnyWork() {
    var fixture = new Fixture(PipelineTest::echo, ROOMY, List.of());
    var fault = ((Outcome.Faulted) fixture.ask(Deadline.after(System.nanoTime() - 2_000, 1_000), Cancellation.NEVER)).fault();
    assertThat(fault.code().label()).isEqualTo("decode.deadline");
  }

  @Test
  void callerWhoLeavesStopsTheRun() {
    var asked = new AtomicInteger();
    var fixture = new Fixture(PipelineTest::untilStopped, ROOMY, List.of());
    var fault = ((Outcome.Faulted) fixture.ask(Deadline.NEVER, () -> asked.incrementAndGet() > 1)).fault();
    assertThat(fault.code().label()).isEqualTo("infer.cancelled");
    assertThat(fault.httpStatus()).isEqualTo(499);
  }

  @Test
  void queueHoldsWhatItMayAndRefusesTheRest() throws Exception {
    var gate = new CountDownLatch(1);
    var fixture = new Fixture((inputs, _) -> { await(gate); return inputs; }, new Limits(1, 2, 20_000, 20_000), List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> first = start(callers, 3, () -> fixture.ask(1));
      until(() -> fixture.version.lanes().waiting() == 2);
      var refused = ((Outcome.Faulted) fixture.ask(1)).fault();
      assertThat(refused.code().label()).isEqualTo("queue.full");
      assertThat(refused.httpStatus()).isEqualTo(429);
      gate.countDown();
      for (Future<Outcome> each : first) {
        assertThat(each.get()).isInstanceOf(Outcome.Served.class);
      }
    }
  }

  @Test
  void waitingTooLongAndLeavingWhileWaitingAreToldApart() throws Exception {
    var gate = new CountDownLatch(1);
    var fixture = new Fixture((inputs, _) -> { await(gate); return inputs; }, new Limits(1, 10, 100, 20_000), List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> holder = callers.submit(() -> fixture.ask(1));
      until(() -> fixture.version.lanes().running() == 1);
      assertThat(((Outcome.Faulted) fixture.ask(1)).fault().code().label()).isEqualTo("queue.timeout");
      assertThat(((Outcome.Faulted) fixture.ask(Deadline.NEVER, () -> true)).fault().code().label()).isEqualTo("queue.cancelled");
      assertThat(((Outcome.Faulted) fixture.ask(Deadline.after(System.nanoTime(), 20_000_000), Cancellation.NEVER)).fault().code().label())
          .isEqualTo("queue.deadline");
      gate.countDown();
      assertThat(holder.get()).isInstanceOf(Outcome.Served.class);
    }
  }

  @Test
  void noMoreThanTheInstancesEverRunAtOnce() throws Exception {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    var fixture = new Fixture((inputs, _) -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      Thread.onSpinWait();
      now.decrementAndGet();
      return inputs;
    }, new Limits(3, 1_000, 20_000, 20_000), List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> each : start(callers, 500, () -> fixture.ask(1))) {
        assertThat(each.get()).isInstanceOf(Outcome.Served.class);
      }
    }
    assertThat(most.get()).isBetween(1, 3);
    assertThat(fixture.heard).hasSize(500);
  }

  @Test
  void everyOutcomeIsHeardOnceAndSumsUp() throws Exception {
    var counter = new AtomicInteger();
    var fixture = new Fixture((inputs, _) -> {
      if (counter.incrementAndGet() % 3 == 0) {
        throw nodeFailed();
      }
      return inputs;
    }, ROOMY, List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> each : start(callers, 90, () -> fixture.ask(1))) {
        each.get();
      }
    }
    assertThat(fixture.heard).hasSize(90);
    assertThat(fixture.heard.stream().filter(Outcome.Faulted.class::isInstance)).hasSize(30);
    assertThat(fixture.heard.stream().filter(Outcome.Faulted.class::isInstance).map(o -> ((Outcome.Faulted) o).occurrence().id()).distinct()).hasSize(30);
  }

  @Test
  void retiredVersionIsClosedOnlyAfterItsLastRun() throws Exception {
    var gate = new CountDownLatch(1);
    var fixture = new Fixture((inputs, _) -> { await(gate); return inputs; }, ROOMY, List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> holder = callers.submit(() -> fixture.ask(1));
      until(() -> fixture.version.lanes().running() == 1);
      fixture.version.release();
      assertThat(fixture.closed).isFalse();
      gate.countDown();
      assertThat(holder.get()).isInstanceOf(Outcome.Served.class);
      until(fixture.closed::get);
    }
    assertThat(fixture.version.retain()).isFalse();
  }

  private static List<Tensor> echo(List<Tensor> inputs, RunControl control) {
    return inputs;
  }

  private static FaultException nodeFailed() {
    var operand = Field.inputElement("x", Shape.of(2), 1, List.of(), "");
    return new FaultException(new InferFault.NodeFailed(
        new NodeRef(0, "look", "Gather", "y"), "idx=99 is out of range", Blame.CALLER, List.of(operand), List.of(), List.of()));
  }

  private static List<Tensor> untilStopped(List<Tensor> inputs, RunControl control) {
    var stopped = new CountDownLatch(1);
    control.attach(stopped::countDown);
    await(stopped);
    control.detach();
    return inputs;
  }

  private static <T> List<Future<T>> start(java.util.concurrent.ExecutorService callers, int count, Callable<T> call) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(_ -> callers.submit(call)).toList());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void until(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the condition came true in time").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  /// Doubles every number, and does not take negative ones.
  private static final class Doubled implements Step {
    @Override
    public String name() {
      return "twice";
    }

    @Override
    public String kind() {
      return "double";
    }

    @Override
    public List<String> reads() {
      return List.of("x");
    }

    @Override
    public List<TensorSpec> specs(List<TensorSpec> before) {
      return before;
    }

    @Override
    public List<Tensor> apply(List<Tensor> before) {
      Tensor in = before.getFirst();
      var out = new float[in.count()];
      for (int i = 0; i < out.length; i++) {
        if (in.doubleAt(i) < 0) {
          throw new StepException("x", i, "element " + i + " is " + in.textAt(i) + " (expected: 0 or more)");
        }
        out[i] = (float) in.doubleAt(i) * 2;
      }
      return List.of(Tensor.floats("x", in.shape(), out));
    }
  }
}
