package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.Causes;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.RolloutState;
import dev.faultline.rollout.Rollouts;
import dev.faultline.rollout.Standing;
import dev.faultline.server.release.Actor;
import dev.faultline.server.release.AuditTrail;
import dev.faultline.server.release.ReleaseException;
import dev.faultline.server.release.ReleaseException.Kind;
import dev.faultline.server.release.Releases;
import dev.faultline.server.release.StateFile;
import dev.faultline.server.ticket.RandomIds;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.VersionNames.Named;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts rollouts, looks several times a second where they lead, and does what follows: names of versions, memory, audit trail, word to
/// whoever listens.
///
/// One move at a time, so that those who listen hear of each, in order. Long because every way into and out of a rollout is read here.
public final class RolloutControl implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RolloutControl.class);
  private static final long LOOK_MILLIS = 200;
  /// How much of what was seen a crash may cost.
  private static final long SAVE_MILLIS = 2_000;

  private final Rollouts rollouts;
  private final ModelRepository models;
  private final Releases releases;
  private final StateFile state;
  private final AuditTrail audit;
  private final Consumer<Instant> beforeLook;
  private final Causes causes;
  private final InstantSource clock;
  private final RandomIds ids;
  private final List<Consumer<Rollout>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("faultline-rollouts").factory());
  private volatile Function<Rollout, JsonNode> reports = _ -> com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.arrayNode();
  private volatile Function<Rollout, Optional<String>> obstacles = _ -> Optional.empty();
  private volatile Runnable declared = () -> {};

  /// `beforeLook` brings up to date what is looked at, `causes` what is said of it.
  public RolloutControl(Rollouts rollouts, ModelRepository models, Releases releases, StateFile state, AuditTrail audit, Consumer<Instant> beforeLook, Causes causes, InstantSource clock, RandomGenerator random) {
    this.beforeLook = beforeLook;
    this.causes = causes;
    this.rollouts = rollouts;
    this.models = models;
    this.releases = releases;
    this.state = state;
    this.audit = audit;
    this.clock = clock;
    this.ids = new RandomIds(random);
    releases.heed(model -> rollouts.running(model).map(Rollout::id));
    restore();
  }

  /// `report` makes what is known of a rollout's differences, which is kept with it.
  public void reportBy(Function<Rollout, JsonNode> report) {
    this.reports = report;
  }

  /// `obstacle` says why a rollout cannot go on, beyond versions that are not ready.
  public void heed(Function<Rollout, Optional<String>> obstacle) {
    this.obstacles = obstacle;
  }

  /// `beginning` begins the rollouts that were declared and can begin now; it is asked from time to time.
  public void declareBy(Runnable beginning) {
    this.declared = beginning;
  }

  /// `listener` hears of every rollout that begins or moves; it must not wait.
  public void listen(Consumer<Rollout> listener) {
    listeners.add(listener);
  }

  public void forget(Consumer<Rollout> listener) {
    listeners.remove(listener);
  }

  /// Begins to look. Not before every model has been tried: a version that is still loading is no obstacle.
  public void resume() {
    var _ = looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    var _ = looks.scheduleWithFixedDelay(() -> safely("the state", this::save), SAVE_MILLIS, SAVE_MILLIS, TimeUnit.MILLISECONDS);
  }

  public Rollouts rollouts() {
    return rollouts;
  }

  public Instant now() {
    return clock.instant();
  }

  /// Begins a rollout; `plan` has names of versions or labels, and an empty baseline for the version in charge.
  public Rollout start(RolloutPlan plan, Actor actor) throws ReleaseException {
    return start(plan, actor, (_, _) -> {});
  }

  /// The same; `also` writes what is to be kept together with the beginning.
  synchronized Rollout start(RolloutPlan plan, Actor actor, BiConsumer<ObjectNode, Rollout> also) throws ReleaseException {
    RolloutPlan named = named(plan);
    var rollout = new Rollout(ids.next("rol_"), named, actor.name(), clock.instant());
    if (!rollouts.add(rollout)) {
      throw new ReleaseException(Kind.CONFLICT, "rollout " + rollouts.running(named.model()).map(Rollout::id).orElse("") + " of '" + named.model()
          + "' is running (expected: one at a time; mend: promote or abort it)");
    }
    releases.insist(named.model(), releases.onTrial(named.model(), named.baseline(), named.candidate()), document -> {
      put(document, rollout);
      also.accept(document, rollout);
    });
    String how = named.hasShadow() ? "as a shadow of " + named.shadow() : "at " + named.steps().getFirst() + " %";
    audit.record(actor, "rollout.start", named.model(), named.candidate(), rollout.id() + ": version " + named.candidate() + " of " + named.model() + " begins " + how + ", beside " + named.baseline());
    tell(rollout);
    return rollout;
  }

  public synchronized Rollout promote(String id, Actor actor) throws ReleaseException {
    Rollout rollout = known(id);
    releases.ready(rollout.plan().model(), rollout.plan().candidate());
    return settled(rollout, rollout.promote(actor.name(), clock.instant()), "rollout.promote", actor);
  }

  public synchronized Rollout abort(String id, Actor actor) throws ReleaseException {
    Rollout rollout = known(id);
    return settled(rollout, rollout.abort(actor.name(), clock.instant()), "rollout.abort", actor);
  }

  public synchronized Rollout weigh(String id, double weight, Actor actor) throws ReleaseException {
    Rollout rollout = known(id);
    if (rollout.standing().state() == RolloutState.SHADOWING) {
      throw new ReleaseException(Kind.CONFLICT, "rollout " + id + " is a shadow, which answers nobody and has no weight (mend: promote or abort it)");
    }
    return settled(rollout, rollout.weigh(weight, actor.name(), clock.instant()), "rollout.weight", actor);
  }

  public Rollout known(String id) throws ReleaseException {
    return rollouts.find(id).orElseThrow(() -> new ReleaseException(Kind.UNKNOWN, "there is no rollout '" + id + "' (expected: an id such as rol_...; old ones make room)"));
  }

  @Override
  public void close() {
    looks.shutdownNow();
    safely("the state", this::save);
  }

  private Rollout settled(Rollout rollout, Optional<Standing> moved, String action, Actor actor) throws ReleaseException {
    if (moved.isEmpty()) {
      throw new ReleaseException(Kind.CONFLICT, "rollout " + rollout.id() + " is over: " + rollout.standing().state());
    }
    settle(rollout, moved.get(), action, actor);
    return rollout;
  }

  /// What follows from a move, on the disk before it is told.
  private void settle(Rollout rollout, Standing standing, String action, Actor actor) {
    RolloutPlan plan = rollout.plan();
    keep(rollout, switch (standing.state()) {
      case SHADOWING, CANARY -> releases.of(plan.model());
      case PROMOTED -> releases.promoted(plan.model(), plan.candidate());
      case ROLLED_BACK, INCONCLUSIVE, ABORTED -> releases.triedInVain(plan.model(), plan.baseline());
    });
    if (standing.state().isOver()) {
      rollouts.retire(rollout);
    }
    String what = rollout.id() + " of " + plan.model() + " " + plan.candidate() + ": " + standing.state() + " at " + standing.weight() + " %, " + standing.reason();
    audit.record(actor, action, plan.model(), plan.candidate(), what);
    tell(rollout);
  }

  private void look() {
    safely("what is known of faults", () -> beforeLook.accept(clock.instant()));
    safely("what the configuration declares", declared);
    rollouts.running().forEach(rollout -> safely(rollout.id(), () -> look(rollout)));
  }

  private synchronized void look(Rollout rollout) {
    rollout.advance(clock.instant(), obstacle(rollout), causes)
        .ifPresent(standing -> settle(rollout, standing, "rollout." + standing.state().name().toLowerCase(Locale.ROOT), Actor.server("judge")));
  }

  /// A bug that is met with one rollout must not keep the others from being looked at.
  private static void safely(String what, Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.error("a bug in Faultline itself: {} could not be looked at; it stays as it is and is looked at again", what, e);
    }
  }

  private String obstacle(Rollout rollout) {
    RolloutPlan plan = rollout.plan();
    return unready(plan.model(), plan.candidate(), "candidate")
        .or(() -> unready(plan.model(), plan.baseline(), "baseline"))
        .or(() -> obstacles.apply(rollout))
        .orElse("");
  }

  private Optional<String> unready(String model, String version, String role) {
    Optional<ModelState> now = models.find(model, version);
    if (now.isPresent() && now.get() instanceof ModelState.Ready) {
      return Optional.empty();
    }
    return Optional.of("the " + role + ", version " + version + ", is not ready any more: " + now.map(ModelState::reason).orElse("the repository does not hold it"));
  }

  private RolloutPlan named(RolloutPlan plan) throws ReleaseException {
    String candidate = releases.ready(plan.model(), plan.candidate());
    String baseline = releases.ready(plan.model(), plan.baseline().isEmpty() ? baselineBeside(plan.model(), candidate) : plan.baseline());
    if (candidate.equals(baseline)) {
      throw new ReleaseException(Kind.CONFLICT, "version " + candidate + " of '" + plan.model() + "' is in charge already (expected: a candidate that is not the baseline)");
    }
    if (plan.hasShadow() && hasSideEffects(plan.model(), candidate, baseline)) {
      throw new ReleaseException(Kind.CONFLICT, "model '" + plan.model() + "' declares side_effects, so that no request may be mirrored (mend: a canary, with steps and without shadow)");
    }
    return new RolloutPlan(
        plan.model(), candidate, baseline, plan.shadow(), plan.steps(), plan.key(), plan.requestsMin(), plan.timeMin(), plan.timeMax(), plan.sloMillis());
  }

  /// The version in charge. Where that is the candidate only because it is the highest, and nobody said so, the next one below it.
  private String baselineBeside(String model, String candidate) throws ReleaseException {
    String inCharge = releases.inCharge(model);
    if (!inCharge.equals(candidate) || !releases.of(model).defaultVersion().isEmpty()) {
      return inCharge;
    }
    List<String> others = models.list(model).stream()
        .filter(each -> each.state() instanceof ModelState.Ready && !each.version().equals(candidate))
        .map(each -> each.version())
        .toList();
    if (others.isEmpty()) {
      throw new ReleaseException(Kind.CONFLICT, "model '" + model + "' has no other version that is ready to be the baseline of " + candidate);
    }
    return others.getLast();
  }

  private boolean hasSideEffects(String model, String... versions) {
    return java.util.Arrays.stream(versions).anyMatch(version ->
        models.find(model, version).orElse(null) instanceof ModelState.Ready(var ready, long _) && ready.settings().sideEffects());
  }

  private void keep(Rollout rollout, Named names) {
    releases.insist(rollout.plan().model(), names, document -> put(document, rollout));
  }

  private void save() {
    List<Rollout> running = rollouts.running();
    if (running.isEmpty()) {
      return;
    }
    try {
      state.change(document -> running.forEach(rollout -> put(document, rollout)));
    } catch (IOException e) {
      LOG.error("what rollouts have seen is not kept: after a crash they gather it anew (mend: see to the data folder)", e);
    }
  }

  private void put(ObjectNode document, Rollout rollout) {
    ObjectNode kept = MemoryJson.write(rollout.memory());
    kept.set("report", reports.apply(rollout));
    ObjectNode all = document.withObjectProperty("rollouts");
    all.set(rollout.id(), kept);
    all.properties().stream().map(java.util.Map.Entry::getKey).filter(id -> rollouts.find(id).isEmpty()).toList().forEach(all::remove);
  }

  /// What is kept of a rollout's report, for one that ended before this process began.
  public ArrayNode keptReport(String id) {
    return state.read().path("rollouts").path(id).withArray("report");
  }

  private void restore() {
    state.read().path("rollouts").properties().forEach(each -> {
      try {
        Rollout rollout = MemoryJson.read(each.getValue());
        rollouts.add(rollout);
        if (!rollout.standing().state().isOver()) {
          LOG.info("rollout {} of {} goes on: {} at {} %", rollout.id(), rollout.plan().model(), rollout.standing().state(), rollout.standing().weight());
        }
      } catch (DateTimeException | IllegalArgumentException e) {
        LOG.error("rollout {} cannot be read from the state file and is forgotten; the version in charge stays", each.getKey(), e);
      }
    });
  }

  private void tell(Rollout rollout) {
    listeners.forEach(listener -> listener.accept(rollout));
  }
}
