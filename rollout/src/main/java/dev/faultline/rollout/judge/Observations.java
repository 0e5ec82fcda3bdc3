package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Everything a judge has counted. Not safe for several threads.
final class Observations {
  /// Of a version with more the first ones are looked at.
  static final int OUTPUTS_MAX = 8;

  private final long startedAtMillis;
  private final SharesSeen shares;
  private final FaultCounts faults;
  private final LatencyCounts latency;
  private final Map<String, OutputCounts> outputs = new LinkedHashMap<>();
  private final ServedKeys servedKeys = new ServedKeys();
  private final Set<String> excluded;
  private Tally requests = new Tally();
  private Tally served = new Tally();
  private long overlooked;

  Observations(JudgeSettings settings, JudgeState state) {
    startedAtMillis = state.startedAtMillis();
    shares = new SharesSeen(state.shares());
    faults = new FaultCounts(state.tallies(), state.keys());
    latency = new LatencyCounts(settings, state);
    excluded = new LinkedHashSet<>(state.excluded());
    overlooked = state.overlooked();
    state.thresholds().stream().map(JudgeState.Threshold::subject).filter(subject -> !subject.isEmpty()).forEach(
        subject -> outputs.put(subject, new OutputCounts(subject, JudgeStateReader.bounds(state, subject))));
    state.tallies().forEach(this::restore);
  }

  private void restore(JudgeState.Tally tally) {
    OutputCounts output = outputs.get(tally.subject());
    if (tally.kind() == Kind.REQUESTS) {
      requests = Tally.of(tally);
    } else if (tally.kind() == Kind.SERVED) {
      served = Tally.of(tally);
    } else if (output != null) {
      output.restore(tally);
    }
  }

  void add(Observation observation) {
    int cell = shares.cell(observation.share());
    if (cell < 0) {
      overlooked++;
      return;
    }
    requests.add(cell, observation.arm());
    if (observation.isServed()) {
      addServed(cell, observation);
    } else {
      faults.add(cell, observation.arm(), observation.group(), FaultyKeys.keysOf(observation));
    }
  }

  private void addServed(int cell, Observation observation) {
    boolean isFirst = servedKeys.isFirst(observation.requestKey());
    if (isFirst) {
      served.add(cell, observation.arm());
      latency.add(cell, observation.arm(), observation.latencyMillis());
    }
    for (OutputFact fact : observation.outputs()) {
      if (fact instanceof OutputFact.Score score && !Double.isFinite(score.value())) {
        faults.add(cell, observation.arm(), "nonfinite " + score.output(), FaultyKeys.keysOf(observation));
      } else if (isFirst) {
        addOutput(cell, observation.arm(), fact);
      }
    }
  }

  private void addOutput(int cell, Arm arm, OutputFact fact) {
    boolean hasRoom = outputs.containsKey(fact.output()) || outputs.size() < OUTPUTS_MAX;
    if (hasRoom) {
      outputs.computeIfAbsent(fact.output(), name -> new OutputCounts(name, List.of())).add(cell, arm, fact);
    }
  }

  void stageStarted() {
    latency.stageStarted();
    outputs.values().forEach(OutputCounts::stageStarted);
  }

  void exclude(String group) {
    if (excluded.size() < FaultCounts.GROUPS_MAX) {
      excluded.add(group);
    }
  }

  void include(String group) {
    excluded.remove(group);
  }

  JudgeState state(boolean withKeys) {
    var tallies = new ArrayList<JudgeState.Tally>();
    var thresholds = new ArrayList<JudgeState.Threshold>();
    tallies.add(requests.state(Kind.REQUESTS, "", "", shares.size()));
    tallies.add(served.state(Kind.SERVED, "", "", shares.size()));
    faults.state(shares.size(), tallies);
    latency.state(shares.size(), tallies);
    thresholds.add(latency.threshold());
    outputs.values().forEach(output -> output.state(shares.size(), tallies));
    outputs.values().forEach(output -> thresholds.add(output.threshold()));
    return new JudgeState(startedAtMillis, shares.state(), tallies, thresholds, List.copyOf(excluded), withKeys ? faults.keys() : List.of(), overlooked);
  }
}
