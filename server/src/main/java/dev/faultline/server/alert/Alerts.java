package dev.faultline.server.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Clock;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.GroupState;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.RolloutState;
import dev.faultline.rollout.Standing;
import dev.faultline.server.keep.Kept;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Decides what is worth a message and says it to the webhook: a fault group not seen before whose blame is not the caller's, a group that
/// was resolved and is seen again, a burst of timeouts of one kind, lanes that were lost, a rollout that moved. Each is said once, and once more
/// when it is over.
///
/// At most [#FIRING_MAX] fire at once; what comes on top is only counted by the metrics.
public final class Alerts implements AutoCloseable {
  static final int FIRING_MAX = 1_000;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /// `burst` timeouts of a kind within a minute fire; an alert is over when nothing of it has come for `resolveAfter`.
  public record Rules(int burst, Duration resolveAfter) {}

  /// Runs of a version that were stopped and have not come back; `count` is not zero.
  public record LostLanes(String model, String version, int count) {
    private String id() {
      return "lanes " + model + "/" + version;
    }
  }

  private record Firing(Alert alert, Instant lastSeen) {}

  private final Rules rules;
  private final Optional<Webhook> webhook;
  private final Supplier<String> externalUrl;
  private final Supplier<List<LostLanes>> lanes;
  private final InstantSource clock;
  private final TimeoutBursts bursts;
  private final Map<String, Firing> firing = new LinkedHashMap<>();
  private final ScheduledExecutorService ticker =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("faultline-alerts").factory());

  /// Without an address nothing is sent; what fires can be read all the same. `externalUrl` is where people reach the admin API, `lanes` is
  /// asked every few seconds.
  public Alerts(Rules rules, Optional<URI> address, Supplier<String> externalUrl, Supplier<List<LostLanes>> lanes, InstantSource clock) {
    this.rules = rules;
    this.webhook = address.map(each -> new Webhook(each, Webhook.Tries.DEFAULT));
    this.externalUrl = externalUrl;
    this.lanes = lanes;
    this.clock = clock;
    this.bursts = new TimeoutBursts(rules.burst());
    long tick = Math.clamp(rules.resolveAfter().toMillis() / 4, 50, 5_000);
    var _ = ticker.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
  }

  /// Hears of a group's first fault.
  public synchronized void onGroup(FaultGroup group) {
    if (group.blame() != Blame.CALLER) {
      fire("group " + group.fingerprint(), newFault(group));
    }
  }

  /// Hears of every group that was resolved and is seen again, whoever is to blame: somebody has waited for it to be gone.
  public synchronized void onRegression(FaultGroup group) {
    end("group " + group.fingerprint());
    if (group.state() instanceof GroupState.Regressed regressed) {
      fire("group " + group.fingerprint(), cameBack(group, regressed));
    }
  }

  /// Hears of every group that was resolved by hand: what was said of it is over.
  public synchronized void onResolved(FaultGroup group) {
    end("group " + group.fingerprint());
  }

  /// Hears of every fault and suspicion.
  public synchronized void onFault(Kept kept) {
    Instant now = clock.instant();
    firing.computeIfPresent("group " + kept.context().fingerprint(), (_, fired) -> new Firing(fired.alert(), now));
    // a caller who leaves needs nobody's attention
    Clock.of(kept.occurrence().fault())
        .filter(clock -> clock != Clock.CALLER_LEFT)
        .ifPresent(clock -> onTimeout(key(kept.passage().version(), clock), now));
  }

  /// Hears of every rollout that begins or moves: each move is a message of its own, which is over with the next one.
  public synchronized void onRollout(Rollout rollout) {
    String id = "rollout " + rollout.id();
    end(id);
    fire(id, moved(rollout));
  }

  private static Alert moved(Rollout rollout) {
    RolloutPlan plan = rollout.plan();
    Standing standing = rollout.standing();
    String severity = switch (standing.state()) {
      case SHADOWING, CANARY, PROMOTED -> "info";
      case INCONCLUSIVE, ABORTED -> "warning";
      case ROLLED_BACK -> "critical";
    };
    var labels = labels("FaultlineRollout", severity, plan.model(), plan.candidate());
    labels.put("baseline", plan.baseline());
    labels.put("state", standing.state().name());
    labels.put("rollout", rollout.id());
    String weight = standing.state() == RolloutState.CANARY ? " at " + standing.weight() + " %" : "";
    String summary = plan.model() + " " + plan.candidate() + ": " + standing.state() + weight + (standing.reason().isEmpty() ? "" : ", " + standing.reason());
    return new Alert(labels, summary, "faultline rollout status " + rollout.id(), "/faultline/v1/rollouts/" + rollout.id(), standing.since(), Optional.empty());
  }

  /// How many fire, by rule and model.
  public synchronized Map<List<String>, Integer> firing() {
    var counts = new LinkedHashMap<List<String>, Integer>();
    firing.values().forEach(fired -> counts.merge(List.of(fired.alert().name(), fired.alert().model()), 1, Integer::sum));
    return counts;
  }

  /// How many messages were `sent`, `failed` (given up after all tries) and `dropped` for want of a place.
  public Map<String, Long> messages() {
    return webhook.map(Webhook::counts).orElse(Webhook.NONE);
  }

  @Override
  public void close() {
    ticker.shutdownNow();
    webhook.ifPresent(Webhook::close);
  }

  private void onTimeout(TimeoutBursts.Key key, Instant now) {
    boolean isBurst = bursts.add(key, now);
    String id = "timeouts " + key;
    Firing fired = firing.get(id);
    if (fired != null) {
      firing.put(id, new Firing(fired.alert(), now));
    } else if (isBurst) {
      fire(id, burst(key, now));
    }
  }

  private void end(String id) {
    Firing before = firing.remove(id);
    if (before != null) {
      send(before.alert().endedAt(clock.instant()));
    }
  }

  private void fire(String id, Alert alert) {
    if (firing.size() < FIRING_MAX && firing.putIfAbsent(id, new Firing(alert, alert.startsAt())) == null) {
      send(alert);
    }
  }

  private void tick() {
    List<LostLanes> lost = lanes.get();
    Instant now = clock.instant();
    synchronized (this) {
      onLanes(lost, now);
      resolve(now);
    }
  }

  /// Lanes are lost until they are back: this alert is over at once, and does not end for want of news.
  private void onLanes(List<LostLanes> lost, Instant now) {
    Set<String> still = lost.stream().map(LostLanes::id).collect(Collectors.toSet());
    firing.keySet().stream().filter(id -> id.startsWith("lanes ") && !still.contains(id)).toList().forEach(this::end);
    for (LostLanes each : lost) {
      fire(each.id(), lost(each, now));
      firing.computeIfPresent(each.id(), (_, fired) -> new Firing(fired.alert(), now));
    }
  }

  private void resolve(Instant now) {
    bursts.forgetQuiet(now);
    var over = new ArrayList<String>();
    firing.forEach((id, fired) -> {
      if (fired.lastSeen().plus(rules.resolveAfter()).isBefore(now)) {
        over.add(id);
        send(fired.alert().endedAt(now));
      }
    });
    over.forEach(firing::remove);
  }

  private void send(Alert alert) {
    webhook.ifPresent(hook -> hook.send(json(alert)));
  }

  private byte[] json(Alert alert) {
    try {
      return MAPPER.writeValueAsBytes(AlertPayload.of(alert, externalUrl.get()));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree is always JSON", e);
    }
  }

  private static Alert newFault(FaultGroup group) {
    String version = group.versions().isEmpty() ? "" : group.versions().getLast();
    return ofGroup("FaultlineNewFault", group, version, group.summary(), group.firstSeen());
  }

  private static Alert cameBack(FaultGroup group, GroupState.Regressed regressed) {
    String summary = regressed.regression() + ": " + group.summary();
    return ofGroup("FaultlineRegression", group, regressed.regression().seenAgainIn(), summary, regressed.at());
  }

  private static Alert ofGroup(String name, FaultGroup group, String version, String summary, Instant startsAt) {
    var labels = labels(name, severity(group.blame()), group.model(), version);
    labels.put("stage", group.code().stage().name());
    labels.put("code", group.code().label());
    labels.put("blame", group.blame().name());
    labels.put("group", group.id());
    String model = group.model().isEmpty() ? "Faultline" : version.isEmpty() ? group.model() : group.model() + " " + version;
    return new Alert(labels, model + ": " + summary, "faultline explain " + group.id(), "/faultline/v1/groups/" + group.id(), startsAt, Optional.empty());
  }

  private Alert burst(TimeoutBursts.Key key, Instant now) {
    var labels = labels("FaultlineTimeoutBurst", "warning", key.model(), key.version());
    labels.put("kind", key.kind());
    String summary = key.model() + " " + key.version() + ": " + rules.burst() + " timeouts within a minute (" + key.kind() + ")";
    return new Alert(labels, summary, "faultline faults", "/faultline/v1/groups", now, Optional.empty());
  }

  private static Alert lost(LostLanes lanes, Instant now) {
    String summary = lanes.model() + " " + lanes.version() + ": " + lanes.count() + " native " + (lanes.count() == 1 ? "call" : "calls") + " did not stop when told to";
    String more = "each holds its memory until it returns; run the model with isolation: process to be able to end it";
    return new Alert(labels("FaultlineLostLanes", "warning", lanes.model(), lanes.version()), summary, more, "/faultline/v1/models?model=" + lanes.model(), now, Optional.empty());
  }

  private static Map<String, String> labels(String name, String severity, String model, String version) {
    var labels = new LinkedHashMap<String, String>();
    labels.put("alertname", name);
    labels.put("severity", severity);
    labels.put("model", model);
    labels.put("version", version);
    return labels;
  }

  private static String severity(Blame blame) {
    return switch (blame) {
      case MODEL, SERVER -> "critical";
      case CALLER, CAPACITY, UPSTREAM -> "warning";
    };
  }

  private static TimeoutBursts.Key key(ResolvedVersion version, Clock clock) {
    return new TimeoutBursts.Key(version.model(), version.version(), clock.label());
  }
}
