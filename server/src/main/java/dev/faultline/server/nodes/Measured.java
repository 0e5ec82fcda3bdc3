package dev.faultline.server.nodes;

import dev.faultline.server.nodes.NodeTrace.EngineNode;
import dev.faultline.server.nodes.NodeTrace.Run;
import dev.faultline.server.nodes.NodeTrace.Spent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What was measured of one version: stages and steps without the engine's bookkeeping, nodes with it.
final class Measured {
  private final String version;
  private final Names names;
  private final int requests;
  private final Rounds<Timed> stages = new Rounds<>();
  private final Rounds<Timed> own = new Rounds<>();
  private final List<Double> wholeRuns = new ArrayList<>();
  private final Map<Timed, Set<String>> engineNames = new HashMap<>();
  private final Map<Timed, Double> whole = new HashMap<>();
  private int runs;
  private long arenaBytesMax;

  Measured(String version, Names names, int requests) {
    this.version = version;
    this.names = names;
    this.requests = requests;
  }

  String version() {
    return version;
  }

  Rounds<Timed> stages() {
    return stages;
  }

  /// Nodes, each without the nodes that ran inside it.
  Rounds<Timed> own() {
    return own;
  }

  /// What the runs took as a whole, round by round, in microseconds a request.
  List<Double> wholeRuns() {
    return List.copyOf(wholeRuns);
  }

  /// What the engine calls it, where that is something else.
  List<String> engineNames(Timed node) {
    return engineNames.getOrDefault(node, Set.of()).stream().filter(name -> !name.equals(node.node())).toList();
  }

  /// With what ran inside it, on average over all runs.
  double wholeMicros(Timed node) {
    return runs == 0 ? 0 : whole.getOrDefault(node, 0.0) / runs;
  }

  /// The most that the session's arena held.
  long arenaBytesMax() {
    return arenaBytesMax;
  }

  int runs() {
    return runs;
  }

  /// Takes runs, `requests` of them to a round; a round that is not whole is left out.
  void add(List<Run> more) {
    for (int first = 0; first + requests <= more.size(); first += requests) {
      round(more.subList(first, first + requests));
    }
  }

  private void round(List<Run> round) {
    var sum = new Rounds.Sum<Timed>();
    double micros = 0;
    for (Run run : round) {
      run.nodes().forEach((node, spent) -> add(node, spent, sum));
      micros += run.micros();
      arenaBytesMax = Math.max(arenaBytesMax, run.arenaBytes());
    }
    runs += round.size();
    own.add(sum.mean(requests));
    wholeRuns.add(micros / requests);
  }

  private void add(EngineNode node, Spent spent, Rounds.Sum<Timed> sum) {
    Timed timed = names.of(node);
    sum.add(timed, (double) spent.self());
    whole.merge(timed, (double) spent.whole(), Double::sum);
    engineNames.computeIfAbsent(timed, _ -> new LinkedHashSet<>()).add(node.name());
  }

  /// The median of every node's own time, in microseconds a request.
  Map<Timed, Double> medians() {
    var medians = new LinkedHashMap<Timed, Double>();
    own.keys().forEach(node -> medians.put(node, Interval.median(own.values(node))));
    return medians;
  }
}
