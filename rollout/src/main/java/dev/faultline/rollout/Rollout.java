package dev.faultline.rollout;

import dev.faultline.request.Arrival;
import dev.faultline.request.Assignment;
import dev.faultline.request.Outcome;
import dev.faultline.request.Passage;
import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.CanaryJudge;
import dev.faultline.rollout.judge.Judgement;
import dev.faultline.rollout.judge.JudgeState;
import dev.faultline.rollout.judge.Observation;
import dev.faultline.rollout.judge.OutputFact;
import dev.faultline.rollout.judge.ShadowJudge;
import dev.faultline.rollout.judge.ShadowStanding;
import dev.faultline.rollout.judge.ShadowState;
import dev.faultline.rollout.judge.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/// One rollout: who gets which version, what was seen of both, and what follows from it.
///
/// Requests read the standing without a lock; [#advance] and the commands of people change it one at a time. Long because its whole
/// life is read here, from the plan to one of its ends.
public final class Rollout {
  /// How the judge names the stream of one kind of fault.
  private static final String FAULTS_OF_KIND = "faults:";

  private final String id;
  private final RolloutPlan plan;
  private final Instant createdAt;
  private final String startedBy;
  private final ShadowJudge shadow;
  private final AtomicLong baselineRequests = new AtomicLong();
  private final AtomicLong candidateRequests = new AtomicLong();
  private final AtomicLong stageRequests = new AtomicLong();
  private final ShadowTally tally;
  private volatile CanaryJudge canary;
  private volatile Instant canaryStartedAt;
  private volatile Standing standing;
  private Optional<Instant> failingSince = Optional.empty();

  /// A rollout that begins at `now`.
  public Rollout(String id, RolloutPlan plan, String startedBy, Instant now) {
    this(id, plan, startedBy, now, new ShadowJudge(plan.shadowJudge(), now), new CanaryJudge(plan.judge(), now), first(plan, now), ShadowTally.Memory.NONE);
    if (standing.state() == RolloutState.CANARY) {
      canary.stageStarted(now);
    }
  }

  private Rollout(String id, RolloutPlan plan, String startedBy, Instant createdAt, ShadowJudge shadow, CanaryJudge canary, Standing standing, ShadowTally.Memory seen) {
    this.id = id;
    this.plan = plan;
    this.startedBy = startedBy;
    this.createdAt = createdAt;
    this.shadow = shadow;
    this.canary = canary;
    this.canaryStartedAt = createdAt;
    this.standing = standing;
    this.tally = new ShadowTally(seen);
  }

  /// What of a rollout must outlive the process.
  public record Memory(
      String id, RolloutPlan plan, String startedBy, Instant createdAt, Standing standing, Counts counts, JudgeState judge, ShadowState shadow, ShadowTally.Memory seen) {}

  /// Requests of both sides, and of the candidate since its weight last changed.
  public record Counts(long baseline, long candidate, long stage) {}

  /// A rollout that goes on where it was when its memory was written.
  public static Rollout restore(Memory memory) {
    var rollout = new Rollout(
        memory.id(),
        memory.plan(),
        memory.startedBy(),
        memory.createdAt(),
        ShadowJudge.restore(memory.plan().shadowJudge(), memory.shadow()),
        CanaryJudge.restore(memory.plan().judge(), memory.judge()),
        memory.standing(),
        memory.seen());
    rollout.canaryStartedAt = Instant.ofEpochMilli(memory.judge().startedAtMillis());
    rollout.baselineRequests.set(memory.counts().baseline());
    rollout.candidateRequests.set(memory.counts().candidate());
    rollout.stageRequests.set(memory.counts().stage());
    return rollout;
  }

  public synchronized Memory memory() {
    return new Memory(id, plan, startedBy, createdAt, standing, counts(), canary.snapshot(), shadow.snapshot(), tally.memory());
  }

  public String id() {
    return id;
  }

  public RolloutPlan plan() {
    return plan;
  }

  public Instant createdAt() {
    return createdAt;
  }

  public String startedBy() {
    return startedBy;
  }

  public Standing standing() {
    return standing;
  }

  public Counts counts() {
    return new Counts(baselineRequests.get(), candidateRequests.get(), stageRequests.get());
  }

  /// What became of mirrored requests.
  public ShadowTally tally() {
    return tally;
  }

  public ShadowJudge shadow() {
    return shadow;
  }

  public ShadowStanding comparisons(Instant now) {
    return shadow.standing(now);
  }

  /// What the judge of the present phase says; of a shadow that never became a canary, the shadow's.
  public Judgement judgement(Instant now) {
    boolean shadowed = standing.state() == RolloutState.SHADOWING || !plan.hasCanary() || isUntried();
    return shadowed && plan.hasShadow() ? shadow.standing(now).judgement() : canary.judge(now);
  }

  private boolean isUntried() {
    return standing.isOver() && candidateRequests.get() == 0;
  }

  /// Which side an unpinned request is given to.
  public Assignment assign(Arrival arrival) {
    double share = standing.weight() / 100;
    return new Assignment(id, Draw.of(id, drawnBy(arrival)) < share ? Assignment.Arm.CANDIDATE : Assignment.Arm.BASELINE, share);
  }

  /// Whether a request of the baseline is to be mirrored.
  boolean mirrors(Passage passage) {
    return standing.state() == RolloutState.SHADOWING
        && passage.version().version().equals(plan.baseline())
        && Draw.of(id, passage.arrival().id().value()) < plan.shadow();
  }

  /// Hears of a request that was assigned to a side of this rollout.
  void observe(Outcome outcome) {
    Passage passage = outcome.passage();
    boolean isCandidate = passage.assignment().arm() == Assignment.Arm.CANDIDATE;
    (isCandidate ? candidateRequests : baselineRequests).incrementAndGet();
    if (isCandidate) {
      stageRequests.incrementAndGet();
    }
    String kind = FaultKind.of(outcome);
    List<OutputFact> facts = kind.isEmpty() ? OutputFacts.of(passage.outputs()) : List.of();
    canary.observe(new Observation(
        isCandidate ? Arm.CANDIDATE : Arm.BASELINE,
        passage.assignment().share(),
        passage.arrival().at(),
        kind,
        passage.totalNanos() / 1e6,
        facts,
        keyOf(passage.arrival(), kind),
        kind.isEmpty() || !passage.arrival().assignmentKey().isEmpty() ? "" : likeness(passage.arrival())));
  }

  /// Who a fault is counted for once: whoever the key tells, else the request itself, which bears one id however often it is tried. Each served
  /// request without a key counts.
  private static String keyOf(Arrival arrival, String kind) {
    return kind.isEmpty() ? arrival.assignmentKey() : drawnBy(arrival);
  }

  private static String drawnBy(Arrival arrival) {
    return arrival.assignmentKey().isEmpty() ? arrival.id().value() : arrival.assignmentKey();
  }

  /// Who sent what: the tries of one request have it in common. Only of faults, so that what is served costs nothing.
  private static String likeness(Arrival arrival) {
    if (arrival.payload().length() == 0) {
      return "";
    }
    var checksum = new CRC32C();
    checksum.update(arrival.payload().array(), arrival.payload().offset(), arrival.payload().length());
    return arrival.client() + " " + arrival.payload().length() + " " + checksum.getValue();
  }

  /// Faults of this kind, as [FaultKind] names it, do not count any more: their cause is the request.
  public void exclude(String kind) {
    canary.exclude(kind);
  }

  /// They count again.
  public void include(String kind) {
    canary.include(kind);
  }

  /// Goes where time and evidence lead. `obstacle` says why the rollout cannot go on, empty when it can.
  ///
  /// @return the standing when it has changed
  public synchronized Optional<Standing> advance(Instant now, String obstacle, Causes causes) {
    if (standing.isOver()) {
      return Optional.empty();
    }
    if (!obstacle.isEmpty()) {
      return moved(new Standing(RolloutState.ABORTED, 0, now, obstacle));
    }
    return standing.state() == RolloutState.SHADOWING ? advanceShadow(now, causes) : advanceCanary(now, causes);
  }

  private Optional<Standing> advanceCanary(Instant now, Causes causes) {
    Judgement judgement = canary.judge(now);
    String reason = judgement.reasons().getFirst();
    boolean isTimeUp = judgement.settled() && judgement.verdict() == Verdict.INCONCLUSIVE;
    failingSince = judgement.verdict() == Verdict.FAIL ? failingSince.or(() -> Optional.of(now)) : Optional.empty();
    return switch (judgement.verdict()) {
      case FAIL -> failed(now, judgement, causes);
      case PASS -> nextStep().isEmpty() ? moved(new Standing(RolloutState.PROMOTED, 100, now, reason)) : nextWeight(now);
      case INCONCLUSIVE -> isTimeUp ? moved(new Standing(RolloutState.INCONCLUSIVE, 0, now, reason)) : nextWeight(now);
    };
  }

  /// Rolls back as soon as the cause is known, or when it has been waited for long enough.
  private Optional<Standing> failed(Instant now, Judgement judgement, Causes causes) {
    Optional<String> kind = leadingKind(judgement);
    Optional<String> cause = kind.isEmpty() ? Optional.of("") : causes.of(this, kind.get());
    if (cause.isEmpty() && !isAfter(now, failingSince.orElse(now).plus(causes.patience()))) {
      return Optional.empty();
    }
    String most = kind.map(name -> " (most of all " + name + ")").orElse("");
    String why = cause.or(() -> kind.map(name -> causes.symptom(this, name))).orElse("");
    return moved(new Standing(RolloutState.ROLLED_BACK, 0, now, judgement.reasons().getFirst() + most + because(why)));
  }

  private static String because(String cause) {
    return cause.isEmpty() ? "" : ": " + cause;
  }

  /// Which kind of fault speaks most against the candidate, with its field, where one does.
  private static Optional<String> leadingKind(Judgement judgement) {
    return judgement.streams().stream()
        .filter(stream -> stream.eValue() > 1 && stream.name().startsWith(FAULTS_OF_KIND))
        .findFirst()
        .map(stream -> stream.name().substring(FAULTS_OF_KIND.length()));
  }

  private Optional<Standing> nextWeight(Instant now) {
    if (isAfter(now, canaryStartedAt.plus(plan.timeMax()))) {
      return moved(new Standing(RolloutState.INCONCLUSIVE, 0, now, "the time was over when the ramp had come to " + shown(standing.weight()) + " %"));
    }
    boolean isDue = stageRequests.get() >= plan.stepRequests() && isAfter(now, standing.since().plus(plan.stepTime()));
    Optional<Double> next = isDue ? nextStep() : Optional.empty();
    return next.flatMap(weight -> moved(new Standing(RolloutState.CANARY, weight, now, shown(weight) + " % after " + stageRequests.get() + " requests at " + shown(standing.weight()) + " %")));
  }

  private Optional<Double> nextStep() {
    return plan.comparingSteps().stream().filter(step -> step > standing.weight()).findFirst();
  }

  private Optional<Standing> advanceShadow(Instant now, Causes causes) {
    ShadowStanding seen = shadow.standing(now);
    Judgement judgement = seen.judgement();
    String reason = judgement.reasons().getFirst();
    boolean isTimeUp = isAfter(now, createdAt.plus(plan.timeMax()));
    return switch (judgement.verdict()) {
      // what differs is told apart from what does not by more than one difference
      case FAIL -> isTimeUp || (plan.hasCanary() && seen.total() >= plan.requestsMin())
          ? moved(new Standing(RolloutState.ROLLED_BACK, 0, now, reason + because(causes.ofDifferences(this))))
          : Optional.empty();
      case PASS -> plan.hasCanary() ? moved(new Standing(RolloutState.CANARY, plan.steps().getFirst(), now, reason)) : Optional.empty();
      case INCONCLUSIVE -> isTimeUp ? moved(new Standing(RolloutState.INCONCLUSIVE, 0, now, reason)) : Optional.empty();
    };
  }

  /// A person promotes the candidate, whatever the judge says.
  ///
  /// @return empty when the rollout is over
  public synchronized Optional<Standing> promote(String by, Instant now) {
    return standing.isOver() ? Optional.empty() : moved(new Standing(RolloutState.PROMOTED, 100, now, "promoted by " + by));
  }

  public synchronized Optional<Standing> abort(String by, Instant now) {
    return standing.isOver() ? Optional.empty() : moved(new Standing(RolloutState.ABORTED, 0, now, "aborted by " + by));
  }

  /// A person sets the candidate's weight; the ramp goes on from there.
  ///
  /// @return empty when the rollout is no canary now
  public synchronized Optional<Standing> weigh(double weight, String by, Instant now) {
    return standing.state() == RolloutState.CANARY ? moved(new Standing(RolloutState.CANARY, weight, now, shown(weight) + " % set by " + by)) : Optional.empty();
  }

  private Optional<Standing> moved(Standing next) {
    if (next.state() == RolloutState.CANARY) {
      if (standing.state() == RolloutState.SHADOWING) {
        canary = new CanaryJudge(plan.judge(), next.since());
        canaryStartedAt = next.since();
      }
      canary.stageStarted(next.since());
      stageRequests.set(0);
    }
    standing = next;
    return Optional.of(next);
  }

  private static Standing first(RolloutPlan plan, Instant now) {
    return plan.hasShadow() ? new Standing(RolloutState.SHADOWING, 0, now, "") : new Standing(RolloutState.CANARY, plan.steps().getFirst(), now, "");
  }

  private static boolean isAfter(Instant now, Instant moment) {
    return !now.isBefore(moment);
  }

  static String shown(double percent) {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }
}
