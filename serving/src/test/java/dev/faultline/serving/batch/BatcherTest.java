package dev.faultline.serving.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.Outcome;
import dev.faultline.serving.Fixture;
import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.batch.BatchCounts.Finding;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatcherTest {
  private static final int BATCH = 32;
  private static final float BAD = 13;

  private final AtomicInteger runs = new AtomicInteger();

  /// What the engine does when a row holds [#BAD].
  private enum Manner {
    NAMES_THE_ROW,
    NAMES_NOTHING
  }

  @Test
  void requestsRunTogetherAndEachGetsItsOwnRows() throws Exception {
    var fixture = fixture(this::doubled, BATCH);
    List<Outcome> outcomes = ask(fixture, value -> value + 1);
    for (int i = 0; i < BATCH; i++) {
      assertThat(answer(outcomes.get(i))).isEqualTo(Float.toString(2f * (i + 1)));
      BatchSeat seat = outcomes.get(i).passage().seat();
      assertThat(seat.requests()).isEqualTo(BATCH);
      assertThat(seat.rows()).isEqualTo(BATCH);
    }
    assertThat(outcomes.stream().map(outcome -> outcome.passage().seat().firstRow())).doesNotHaveDuplicates();
    assertThat(batcher(fixture).counts().batches()).isEqualTo(1);
  }

  @Test
  void onlyTheRequestWhoseRowTheEngineNamesFailsAndItIsToldItsOwnRow() throws Exception {
    var fixture = fixture(poisonous(Manner.NAMES_THE_ROW), BATCH);
    List<Outcome> outcomes = ask(fixture, value -> value == 9 ? BAD : value + 100);
    Fault fault = onlyFaults(outcomes, List.of(9)).getFirst();
    assertThat(fault.code().label()).isEqualTo("infer.node_failed");
    assertThat(fault.field().orElseThrow().path()).isEqualTo("inputs/x[0]");
    assertThat(fault.evidence()).anySatisfy(evidence -> assertThat(evidence).isInstanceOf(Evidence.Batch.class));
    assertThat(batcher(fixture).counts().extraCalls()).isEqualTo(1);
    assertThat(batcher(fixture).counts().innocentsSaved()).isEqualTo(BATCH - 1);
    assertThat(batcher(fixture).counts().failures(Finding.POISON)).isEqualTo(1);
  }

  @Test
  void fourBadRowsThatTheEngineNamesFailAndNobodyElse() throws Exception {
    var fixture = fixture(poisonous(Manner.NAMES_THE_ROW), BATCH);
    List<Integer> bad = List.of(0, 7, 8, 31);
    List<Outcome> outcomes = ask(fixture, value -> bad.contains(value) ? BAD : value + 100);
    onlyFaults(outcomes, bad);
    assertThat(batcher(fixture).counts().extraCalls()).isEqualTo(4);
  }

  @Test
  void halvingFindsTheRowThatNobodyNamesWithinTheBudget() throws Exception {
    for (int guilty : new int[] {0, 13, 31}) {
      var fixture = fixture(poisonous(Manner.NAMES_NOTHING), BATCH);
      List<Outcome> outcomes = ask(fixture, value -> value == guilty ? BAD : value + 100);
      assertThat(onlyFaults(outcomes, List.of(guilty)).getFirst().code().label()).isEqualTo("infer.failed");
      assertThat(batcher(fixture).counts().extraCalls()).isLessThanOrEqualTo(PoisonSearch.callsMax(BATCH));
    }
  }

  @Test
  void whoIsLeftWhenTheBudgetIsSpentIsToldSoAndNotBlamed() throws Exception {
    var fixture = fixture(poisonous(Manner.NAMES_NOTHING), BATCH);
    List<Outcome> outcomes = ask(fixture, value -> value % 4 == 0 ? BAD : value + 100);
    assertThat(batcher(fixture).counts().extraCalls()).isLessThanOrEqualTo(PoisonSearch.callsMax(BATCH));
    assertThat(batcher(fixture).counts().failures(Finding.BUDGET)).isEqualTo(1);
    for (int i = 0; i < BATCH; i++) {
      String ended = outcomes.get(i) instanceof Outcome.Served ? "served" : fault(outcomes.get(i)).code().label();
      assertThat(ended).isIn(i % 4 == 0 ? List.of("infer.failed", "infer.batch_budget") : List.of("served", "infer.batch_budget"));
    }
    Fault left = outcomes.stream().filter(Outcome.Faulted.class::isInstance).map(BatcherTest::fault).filter(each -> each.code().label().equals("infer.batch_budget")).findFirst().orElseThrow();
    assertThat(left.blame()).isEqualTo(Blame.CAPACITY);
    assertThat(left.summary()).contains("12 extra runs did not find every guilty row");
  }

  @Test
  void theBudgetIsTwiceTheLogarithmAndTwo() {
    assertThat(IntStream.of(2, 8, 32, 128).map(PoisonSearch::callsMax)).containsExactly(4, 8, 12, 16);
  }

  @Test
  void aBatchWhosePartsPassAndThatPassesAgainIsFlaky() throws Exception {
    var failed = new AtomicBoolean();
    var fixture = fixture(inputs -> {
      if (inputs.getFirst().count() == BATCH && failed.compareAndSet(false, true)) {
        throw new FaultException(new InferFault.Failed("once", Blame.MODEL, List.of(), List.of(), List.of()));
      }
      return doubled(inputs);
    }, BATCH);
    onlyFaults(ask(fixture, value -> value + 100), List.of());
    until(() -> batcher(fixture).counts().failures(Finding.FLAKY) == 1);
    assertThat(batcher(fixture).standing()).isEqualTo(BatchStanding.on(BATCH));
  }

  @Test
  void aModelThatFailsOnLargeBatchesOnlyGetsSmallerOnes() throws Exception {
    var fixture = fixture(inputs -> {
      if (inputs.getFirst().count() > BATCH / 2) {
        throw new FaultException(new InferFault.Failed("too many", Blame.MODEL, List.of(), List.of(), List.of()));
      }
      return doubled(inputs);
    }, BATCH);
    onlyFaults(ask(fixture, value -> value + 100), List.of());
    until(() -> batcher(fixture).counts().failures(Finding.INTERACTION) == 1);
    assertThat(batcher(fixture).standing().rowsMax()).isEqualTo(BATCH / 2);
    onlyFaults(ask(fixture, value -> value + 100), List.of());
    assertThat(batcher(fixture).counts().failures(Finding.INTERACTION)).isEqualTo(1);
  }

  @Test
  void aModelWhoseRowsInteractGetsNoBatches() throws Exception {
    var fixture = fixture(inputs -> {
      Tensor x = inputs.getFirst();
      double most = IntStream.range(0, x.count()).mapToDouble(x::doubleAt).max().orElse(0);
      var out = new float[x.count()];
      java.util.Arrays.fill(out, (float) most);
      return List.of(Tensor.floats("x", x.shape(), out));
    }, BATCH);
    assertThat(batcher(fixture).standing().state()).isEqualTo(BatchStanding.State.REFUSED);
    assertThat(batcher(fixture).standing().reason()).contains("rows interact");
    List<Outcome> outcomes = ask(fixture, value -> value + 1);
    for (int i = 0; i < BATCH; i++) {
      assertThat(answer(outcomes.get(i))).isEqualTo(Float.toString(i + 1f));
      assertThat(outcomes.get(i).passage().seat()).isEqualTo(BatchSeat.NONE);
    }
  }

  @Test
  void anInteractionThatMadeUpRowsDoNotShowIsFoundInTheFirstRealBatchAndNobodyGetsAWrongAnswer() throws Exception {
    var fixture = fixture(inputs -> {
      Tensor x = inputs.getFirst();
      double most = IntStream.range(0, x.count()).mapToDouble(x::doubleAt).max().orElse(0);
      var out = new float[x.count()];
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) (most > 50 ? most : x.doubleAt(i));
      }
      return List.of(Tensor.floats("x", x.shape(), out));
    }, BATCH);
    assertThat(batcher(fixture).standing().isOn()).isTrue();
    List<Outcome> outcomes = ask(fixture, value -> value + 100);
    for (int i = 0; i < BATCH; i++) {
      assertThat(answer(outcomes.get(i))).isEqualTo(Float.toString(i + 100f));
    }
    assertThat(batcher(fixture).standing().state()).isEqualTo(BatchStanding.State.REFUSED);
  }

  @Test
  void aRowThatNeverComesToAnEndTakesOnlyItsOwnRequestWithIt() throws Exception {
    var fixture = new Fixture((inputs, control) -> {
      Tensor x = inputs.getFirst();
      if (IntStream.range(0, x.count()).anyMatch(i -> x.doubleAt(i) == BAD)) {
        untilStopped(control);
      }
      return doubled(inputs);
    }, new Limits(1, 100, 40_000, 1_000).with(new Batching(BATCH, 40_000_000, List.of())), List.of());
    List<Outcome> outcomes = ask(fixture, value -> value == 21 ? BAD : value + 100);
    assertThat(onlyFaults(outcomes, List.of(21)).getFirst().code().label()).isEqualTo("infer.timeout");
  }

  @Test
  void aPoisonThatIsKnownRunsByItselfFromThenOn() throws Exception {
    var fixture = fixture(poisonous(Manner.NAMES_THE_ROW), BATCH);
    onlyFaults(ask(fixture, value -> value == 9 ? BAD : value + 100), List.of(9));
    assertThat(batcher(fixture).poisons()).isEqualTo(1);
    Outcome again = fixture.ask(BAD);
    assertThat(fault(again).code().label()).isEqualTo("infer.node_failed");
    assertThat(again.passage().seat()).isEqualTo(BatchSeat.NONE);
    assertThat(batcher(fixture).counts().batches()).isEqualTo(1);
  }

  @Test
  void oneWhoLeavesOrRunsOutOfTimeDoesNotStopTheOthers() throws Exception {
    var gate = new CountDownLatch(1);
    var inside = new CountDownLatch(1);
    var fixture = fixture(inputs -> {
      if (inputs.getFirst().doubleAt(0) > 1) {
        inside.countDown();
        await(gate);
      }
      return doubled(inputs);
    }, 3);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Outcome> stays = callers.submit(() -> fixture.ask(2));
      Future<Outcome> leaves = callers.submit(() -> fixture.ask(Deadline.NEVER, () -> inside.getCount() == 0, Map.of(), 3));
      Future<Outcome> hurries = callers.submit(() -> fixture.ask(Deadline.after(System.nanoTime(), 1_000_000_000), Cancellation.NEVER, Map.of(), 4));
      assertThat(fault(leaves.get()).code().label()).isEqualTo("infer.cancelled");
      assertThat(fault(hurries.get()).code().label()).isEqualTo("infer.deadline");
      gate.countDown();
      assertThat(answer(stays.get())).isEqualTo("4.0");
    }
    assertThat(fixture.heard).hasSize(3);
  }

  @Test
  void requestsOfSeveralRowsShareABatchAndGetAllOfTheirs() throws Exception {
    var seen = new ArrayList<List<Double>>();
    var fixture = fixture(this::doubled, 8);
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = new ArrayList<Future<Outcome>>();
      for (int i = 0; i < 4; i++) {
        float first = 10 * i;
        asked.add(callers.submit(() -> fixture.ask(first, first + 1)));
      }
      for (Future<Outcome> each : asked) {
        Tensor outputs = each.get().passage().outputs().getFirst();
        seen.add(List.of(outputs.doubleAt(0), outputs.doubleAt(1)));
        assertThat(each.get().passage().seat().rows()).isEqualTo(8);
      }
    }
    assertThat(seen).containsExactly(List.of(0.0, 2.0), List.of(20.0, 22.0), List.of(40.0, 42.0), List.of(60.0, 62.0));
  }

  @Test
  void aBatchStartsWhenItsOldestRequestHasWaitedLongEnough() {
    var fixture = new Fixture((inputs, _) -> doubled(inputs), limits(new Batching(BATCH, 20_000, List.of())), List.of());
    assertThat(answer(fixture.ask(5))).isEqualTo("10.0");
    assertThat(batcher(fixture).counts().batches()).isEqualTo(1);
  }

  @Test
  void aPreferredSizeStartsAtOnce() throws Exception {
    var fixture = new Fixture((inputs, _) -> doubled(inputs), limits(new Batching(BATCH, 30_000_000, List.of(4))), List.of());
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Outcome> each : IntStream.range(0, 4).mapToObj(i -> callers.submit(() -> fixture.ask(i))).toList()) {
        assertThat(each.get().passage().seat().rows()).isEqualTo(4);
      }
    }
  }

  private interface Engine {
    List<Tensor> apply(List<Tensor> inputs);
  }

  private interface Value {
    float of(int index);
  }

  /// A batch starts when it is full and not before.
  private Fixture fixture(Engine engine, int rowsMax) {
    return new Fixture((inputs, _) -> engine.apply(inputs), limits(new Batching(rowsMax, 40_000_000, List.of())), List.of());
  }

  private static Limits limits(Batching batching) {
    return new Limits(1, 100, 40_000, 40_000).with(batching);
  }

  private static Batcher batcher(Fixture fixture) {
    return fixture.version.batcher();
  }

  /// One request a row, all at once; outcomes in the order of the requests.
  private static List<Outcome> ask(Fixture fixture, Value value) throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = IntStream.range(0, BATCH).mapToObj(i -> callers.submit(() -> fixture.ask(value.of(i)))).toList();
      var outcomes = new ArrayList<Outcome>();
      for (Future<Outcome> each : asked) {
        outcomes.add(each.get());
      }
      return outcomes;
    }
  }

  private List<Tensor> doubled(List<Tensor> inputs) {
    runs.incrementAndGet();
    Tensor x = inputs.getFirst();
    var out = new float[x.count()];
    for (int i = 0; i < out.length; i++) {
      out[i] = (float) (2 * x.doubleAt(i));
    }
    return List.of(Tensor.floats("x", x.shape(), out));
  }

  private Engine poisonous(Manner manner) {
    return inputs -> {
      Tensor x = inputs.getFirst();
      for (int i = 0; i < x.count(); i++) {
        if (x.doubleAt(i) == BAD) {
          throw new FaultException(manner == Manner.NAMES_THE_ROW ? nodeFailed(x, i) : new InferFault.Failed("bad luck", Blame.MODEL, List.of(), List.of(), List.of()));
        }
      }
      return doubled(inputs);
    };
  }

  private static InferFault nodeFailed(Tensor x, int flat) {
    var operand = Field.inputElement("x", x.shape(), flat, List.of(), "");
    return new InferFault.NodeFailed(new NodeRef(0, "look", "Gather", "y"), "13 brings bad luck", Blame.CALLER, List.of(operand), List.of(), List.of());
  }

  /// Everybody else got what it would have got alone.
  private static List<Fault> onlyFaults(List<Outcome> outcomes, List<Integer> guilty) {
    var faults = new ArrayList<Fault>();
    for (int i = 0; i < outcomes.size(); i++) {
      if (guilty.contains(i)) {
        faults.add(fault(outcomes.get(i)));
      } else {
        assertThat(answer(outcomes.get(i))).isEqualTo(Float.toString(2f * (i + 100)));
      }
    }
    return faults;
  }

  private static Fault fault(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Faulted.class);
    return ((Outcome.Faulted) outcome).fault();
  }

  private static String answer(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Served.class);
    return new String(((Outcome.Served) outcome).payload().copyOfBytes(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private static void untilStopped(RunControl control) {
    var stopped = new CountDownLatch(1);
    control.attach(stopped::countDown);
    await(stopped);
    control.detach();
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
