package dev.faultline.rollout;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Mismatch;
import dev.faultline.compare.OutputComparator;
import dev.faultline.compare.Tolerance;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.QueueFault;
import dev.faultline.request.Arrival;
import dev.faultline.request.Assignment;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.rollout.judge.Confirmation;
import dev.faultline.rollout.judge.OutputFact;
import dev.faultline.rollout.judge.ShadowAnswer;
import dev.faultline.rollout.judge.ShadowStep;
import dev.faultline.rollout.judge.Verdict;
import dev.faultline.serving.OccurrenceIds;
import dev.faultline.serving.Pipeline;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.route.Route;
import dev.faultline.serving.stage.Codec;
import dev.faultline.tensor.Tensor;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs copies of requests on a candidate after the baseline's answer is decided, one at a time on one thread, on copies of both versions that
/// no caller shares. At most [#WAITING_MAX] wait; what comes on top, or while the baseline is busy, is shed and counted.
///
/// The candidate's copy has a process of its own, so that it may crash, hang or leak without anybody being served the worse for it. Long
/// because the way of a mirrored request is read here from top to bottom.
public final class ShadowRunner implements OutcomeListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShadowRunner.class);
  static final int WAITING_MAX = 64;
  /// How often both versions are asked again about a difference.
  private static final int REPEATS = 2;
  private static final OutputComparator EXACT = new OutputComparator(Tolerance.ROUNDING);
  private static final long PAUSE_MILLIS = 500;
  private static final long CLOSE_MILLIS = 5_000;

  /// Opens copies of versions.
  public interface Copies {
    /// A copy with one lane. `isContained` asks for a process of its own.
    ModelVersion open(String model, String version, boolean isContained) throws LoadException;
  }

  private record Mirrored(Rollout rollout, Outcome.Served primary, InferenceRequest request) {}

  private record Pair(ModelVersion baseline, ModelVersion candidate) {
    void close() {
      baseline.release();
      candidate.release();
    }
  }

  private final Rollouts rollouts;
  private final ModelRepository models;
  private final Copies copies;
  private final OutcomeListener suspicions;
  private final OccurrenceIds ids;
  private final LongSupplier nanoClock;
  private final InstantSource wallClock;
  private final BlockingQueue<Mirrored> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Map<Rollout, Pair> open = new HashMap<>();
  private final Map<String, String> obstacles = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  /// `suspicions` hears of runs of the candidate that the comparison objects to, on the shadow's thread: as served with a suspicion, for nobody was answered otherwise.
  public ShadowRunner(
      Rollouts rollouts, ModelRepository models, Copies copies, OutcomeListener suspicions, OccurrenceIds ids, LongSupplier nanoClock, InstantSource wallClock) {
    this.rollouts = rollouts;
    this.models = models;
    this.copies = copies;
    this.suspicions = suspicions;
    this.ids = ids;
    this.nanoClock = nanoClock;
    this.wallClock = wallClock;
    this.thread = Thread.ofPlatform().daemon().name("faultline-shadow").start(this::run);
  }

  /// On the thread of a request, whose answer is decided.
  @Override
  public void onOutcome(Outcome outcome) {
    if (!(outcome instanceof Outcome.Served served)) {
      return;
    }
    Passage passage = served.passage();
    Optional<Rollout> shadow = rollouts.running(passage.model()).filter(rollout -> rollout.mirrors(passage));
    if (shadow.isPresent() && passage.request().isPresent()) {
      var mirrored = new Mirrored(shadow.get(), served, passage.request().get());
      if (isBusy(shadow.get()) || !waiting.offer(mirrored)) {
        shadow.get().tally().shed();
      }
    }
  }

  /// Why a rollout's shadow cannot be run.
  public Optional<String> obstacle(Rollout rollout) {
    return Optional.ofNullable(obstacles.get(rollout.id()));
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isBusy(Rollout rollout) {
    RolloutPlan plan = rollout.plan();
    return models.find(plan.model(), plan.baseline()).orElse(null) instanceof ModelState.Ready(ModelVersion version, long _) && version.waiting() > 0;
  }

  private void run() {
    try {
      while (!closed) {
        Mirrored next = waiting.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        closeOver();
        if (next != null && next.rollout().standing().state() == RolloutState.SHADOWING) {
          runSafely(next);
        }
      }
    } catch (InterruptedException e) {
      // the server stops
      Thread.currentThread().interrupt();
    } finally {
      open.values().forEach(Pair::close);
      open.clear();
    }
  }

  private void runSafely(Mirrored mirrored) {
    try {
      run(mirrored, pair(mirrored.rollout()));
    } catch (LoadException e) {
      obstacles.put(mirrored.rollout().id(), "a copy for the shadow cannot be loaded: " + e.getMessage());
    } catch (RuntimeException e) {
      mirrored.rollout().tally().shed();
      LOG.error("a bug in Faultline itself: a mirrored request of rollout {} broke off", mirrored.rollout().id(), e);
    }
  }

  private Pair pair(Rollout rollout) throws LoadException {
    Pair known = open.get(rollout);
    if (known != null) {
      return known;
    }
    RolloutPlan plan = rollout.plan();
    ModelVersion candidate = copies.open(plan.model(), plan.candidate(), true);
    boolean both = false;
    try {
      var pair = new Pair(copies.open(plan.model(), plan.baseline(), false), candidate);
      open.put(rollout, pair);
      both = true;
      return pair;
    } finally {
      if (!both) {
        candidate.release();
      }
    }
  }

  private void closeOver() {
    open.entrySet().removeIf(each -> {
      boolean over = each.getKey().standing().state() != RolloutState.SHADOWING;
      if (over) {
        each.getValue().close();
        obstacles.remove(each.getKey().id());
      }
      return over;
    });
  }

  private void run(Mirrored mirrored, Pair pair) {
    Rollout rollout = mirrored.rollout();
    List<Tensor> primary = mirrored.primary().passage().outputs();
    List<OutputFact> facts = OutputFacts.of(primary);
    switch (asked(mirrored, pair.candidate())) {
      case Outcome.Served served -> {
        Optional<Comparison> noise = rollout.shadow().wantsTriple() ? noise(mirrored, pair, primary) : Optional.empty();
        noise.ifPresent(rollout.tally()::noise);
        Comparison candidate = comparator(rollout).compare(primary, served.passage().outputs());
        rollout.tally().compared(candidate, sample(mirrored, !candidate.isSame(), candidate.saysOtherwise()));
        object(rollout, served, candidate);
        List<OutputFact> answered = OutputFacts.of(served.passage().outputs());
        Comparison exact = EXACT.compare(primary, served.passage().outputs());
        judged(mirrored, pair, noise.<ShadowAnswer>map(second -> new ShadowAnswer.Triple(candidate, exact, second, facts, answered)).orElseGet(() -> new ShadowAnswer.Pair(candidate, facts, answered)));
      }
      case Outcome.Faulted(var occurrence, var _) when occurrence.fault() instanceof QueueFault -> rollout.tally().shed();
      case Outcome.Faulted faulted -> failed(mirrored, pair, faulted);
    }
  }

  private void failed(Mirrored mirrored, Pair pair, Outcome.Faulted faulted) {
    mirrored.rollout().tally().failed(sample(mirrored, true, true), faulted.fault());
    if (isFitForReplay(faulted.fault().code()) && mirrored.rollout().tally().takesSuspicion()) {
      suspicions.onOutcome(new Outcome.Served(Payload.EMPTY, List.of(faulted.occurrence()), faulted.passage()));
    }
    judged(mirrored, pair, new ShadowAnswer.Failed(FaultKind.of(faulted.fault())));
  }

  /// What killed or held the shadow's own process must not be tried where requests are served.
  private static boolean isFitForReplay(FaultCode code) {
    return code != FaultCode.INFER_CRASHED && code != FaultCode.INFER_TIMEOUT && code != FaultCode.INFER_OUT_OF_MEMORY;
  }

  /// Leaves a suspicion of an answer that differs, where that tells something: others agree, or the judge has failed the candidate. What the candidate's own check objects to says more
  /// than that the answer is another one.
  private void object(Rollout rollout, Outcome.Served served, Comparison candidate) {
    boolean isWorthIt = !candidate.isSame()
        && (candidate.isBroken() || rollout.tally().tellsBySize() || (candidate.saysOtherwise() && rollout.shadow().verdict(wallClock.instant()) == Verdict.FAIL));
    if (isWorthIt && rollout.tally().takesSuspicion()) {
      List<Occurrence> own = served.suspicions().stream().filter(each -> each.fault().blame() == Blame.MODEL).toList();
      var mismatch = new Occurrence(ids.next(), Mismatch.of(candidate, rollout.plan().baseline(), rollout.id()), wallClock.instant());
      suspicions.onOutcome(new Outcome.Served(Payload.EMPTY, own.isEmpty() ? List.of(mismatch) : own, served.passage()));
    }
  }

  private void judged(Mirrored mirrored, Pair pair, ShadowAnswer answer) {
    if (mirrored.rollout().shadow().observe(answer) == ShadowStep.CONFIRM) {
      mirrored.rollout().shadow().confirmed(answer, confirmation(mirrored, pair));
    }
  }

  /// Asks both versions again: a break is a fact when the baseline goes on to agree with itself and the candidate to fail or break; that its scores
  /// differ is none, retraining does that.
  private Confirmation confirmation(Mirrored mirrored, Pair pair) {
    List<Tensor> primary = mirrored.primary().passage().outputs();
    for (int i = 0; i < REPEATS; i++) {
      boolean agrees = isSame(mirrored, primary, asked(mirrored, pair.baseline()));
      boolean breaks = isBroken(mirrored, primary, asked(mirrored, pair.candidate()));
      if (!agrees || !breaks) {
        return Confirmation.NOT_REPRODUCED;
      }
    }
    return Confirmation.REPRODUCED;
  }

  private static boolean isSame(Mirrored mirrored, List<Tensor> primary, Outcome again) {
    return again instanceof Outcome.Served served && comparator(mirrored.rollout()).compare(primary, served.passage().outputs()).isSame();
  }

  private static boolean isBroken(Mirrored mirrored, List<Tensor> primary, Outcome again) {
    return !(again instanceof Outcome.Served served) || comparator(mirrored.rollout()).compare(primary, served.passage().outputs()).isBroken();
  }

  private Optional<Comparison> noise(Mirrored mirrored, Pair pair, List<Tensor> primary) {
    return asked(mirrored, pair.baseline()) instanceof Outcome.Served second
        ? Optional.of(EXACT.compare(primary, second.passage().outputs()))
        : Optional.empty();
  }

  private static OutputComparator comparator(Rollout rollout) {
    return new OutputComparator(Mismatch.ALLOWED.withNoiseFloor(rollout.tally().noiseFloor()));
  }

  private static ShadowSample sample(Mirrored mirrored, boolean differs, boolean material) {
    return new ShadowSample(mirrored.primary().passage().arrival(), mirrored.request(), differs, material);
  }

  private Outcome asked(Mirrored mirrored, ModelVersion version) {
    RolloutPlan plan = mirrored.rollout().plan();
    var arm = version.id().version().equals(plan.candidate()) ? Assignment.Arm.CANDIDATE : Assignment.Arm.BASELINE;
    var assignment = new Assignment(mirrored.rollout().id(), arm, plan.shadow());
    var pipeline = new Pipeline((_, _) -> held(version, assignment), _ -> {}, ids, nanoClock, wallClock);
    return pipeline.run(again(mirrored.primary().passage().arrival()), new HandingOn(mirrored.request()));
  }

  private static Route held(ModelVersion version, Assignment assignment) {
    if (!version.retain()) {
      throw new IllegalStateException(version.id() + " was closed under its shadow");
    }
    return new Route(version, assignment);
  }

  private Arrival again(Arrival from) {
    return new Arrival(
        from.id(), from.protocol(), from.method(), from.path(), from.query(), from.headers(), "", "", from.client(), from.model(),
        from.payload(), nanoClock.getAsLong(), wallClock.instant(), Deadline.NEVER, Cancellation.NEVER);
  }

  /// A request that is decoded already, and whose answer nobody reads.
  private record HandingOn(InferenceRequest request) implements Codec {
    @Override
    public InferenceRequest decode(Arrival arrival) {
      return new InferenceRequest(request.id(), request.model(), request.parameters(), request.inputs(), request.outputs(), Deadline.NEVER);
    }

    @Override
    public Payload encode(InferenceResponse response, InferenceRequest decoded) {
      return Payload.EMPTY;
    }
  }
}
