package dev.faultline.rollout;

import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The rollouts there are: at most one that runs for each model, and the latest that are over. Asked by every request, without a lock.
public final class Rollouts implements OutcomeListener {
  /// Rollouts remembered, the oldest that are over go first.
  public static final int REMEMBERED_MAX = 200;

  private final ConcurrentMap<String, Rollout> running = new ConcurrentHashMap<>();
  private final Map<String, Rollout> all = new LinkedHashMap<>();

  /// Takes a rollout in.
  ///
  /// @return false when another of its model is running
  public boolean add(Rollout rollout) {
    if (!rollout.standing().isOver() && running.putIfAbsent(rollout.plan().model(), rollout) != null) {
      return false;
    }
    synchronized (all) {
      all.put(rollout.id(), rollout);
      var oldest = all.values().iterator();
      while (all.size() > REMEMBERED_MAX && oldest.hasNext()) {
        if (oldest.next().standing().isOver()) {
          oldest.remove();
        }
      }
    }
    return true;
  }

  /// Takes a rollout out of the way of requests.
  public void retire(Rollout rollout) {
    running.remove(rollout.plan().model(), rollout);
  }

  public Optional<Rollout> running(String model) {
    return Optional.ofNullable(running.get(model));
  }

  public List<Rollout> running() {
    return List.copyOf(running.values());
  }

  public Optional<Rollout> find(String id) {
    synchronized (all) {
      return Optional.ofNullable(all.get(id));
    }
  }

  /// The newest first.
  public List<Rollout> list() {
    synchronized (all) {
      return new ArrayList<>(all.values()).reversed();
    }
  }

  /// The header by which callers of a model are kept on their side, lower case; empty for none.
  public String keyOf(String model) {
    Rollout rollout = running.get(model);
    return rollout == null ? "" : rollout.plan().key();
  }

  @Override
  public void onOutcome(Outcome outcome) {
    if (outcome.passage().assignment().isNone()) {
      return;
    }
    Rollout rollout = running.get(outcome.passage().model());
    if (rollout != null && rollout.id().equals(outcome.passage().assignment().rollout())) {
      rollout.observe(outcome);
    }
  }
}
