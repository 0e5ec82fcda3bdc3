package dev.faultline.server.profile;

import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.Passage;
import dev.faultline.request.ResolvedVersion;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// How long the stages and steps of the requests took that ended while a profile ran, by the clock: it counts what waits as well, which
/// samples of processor time do not. Costs nothing while no profile runs.
public final class StageTimes implements OutcomeListener {
  private final AtomicReference<Optional<Window>> open = new AtomicReference<>(Optional.empty());

  /// A stage when `step` is empty, else a step.
  record Part(String stage, String step, String kind) {}

  /// Calls and their time.
  record Spent(long calls, long nanos) {
    static final Spent NOTHING = new Spent(0, 0);

    Spent plus(long more) {
      return new Spent(calls + 1, nanos + more);
    }

    double meanMillis() {
      return calls == 0 ? 0 : nanos / 1e6 / calls;
    }
  }

  /// What the requests of one version spent: `whole` from arrival to outcome.
  record Times(Spent whole, Map<Part, Spent> parts) {
    Times {
      parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }
  }

  private static final class Sum {
    private final Map<Part, Spent> parts = new LinkedHashMap<>();
    private Spent whole = Spent.NOTHING;

    private void add(Passage passage) {
      whole = whole.plus(passage.totalNanos());
      passage.stages().forEach(run -> add(new Part(run.stage().name(), "", ""), run.durationNanos()));
      passage.steps().forEach(run -> add(new Part(run.stage().name(), run.name(), run.kind()), run.durationNanos()));
    }

    private void add(Part part, long nanos) {
      parts.merge(part, Spent.NOTHING.plus(nanos), (old, _) -> old.plus(nanos));
    }
  }

  /// From the start of a profile to its end.
  static final class Window {
    /// Versions told apart; requests of further ones are left out.
    private static final int VERSIONS_MAX = 256;

    private final Map<ResolvedVersion, Sum> versions = new LinkedHashMap<>();

    private synchronized void add(Passage passage) {
      if (versions.size() < VERSIONS_MAX || versions.containsKey(passage.version())) {
        versions.computeIfAbsent(passage.version(), _ -> new Sum()).add(passage);
      }
    }

    synchronized Map<ResolvedVersion, Times> versions() {
      var times = new LinkedHashMap<ResolvedVersion, Times>();
      versions.forEach((version, sum) -> times.put(version, new Times(sum.whole, sum.parts)));
      return times;
    }
  }

  Window begin() {
    var window = new Window();
    open.set(Optional.of(window));
    return window;
  }

  void end() {
    open.set(Optional.empty());
  }

  @Override
  public void onOutcome(Outcome outcome) {
    open.get().filter(_ -> !outcome.passage().version().isNone()).ifPresent(window -> window.add(outcome.passage()));
  }
}
