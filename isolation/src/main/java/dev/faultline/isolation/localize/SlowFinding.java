package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import java.util.List;

/// Where the time of a slow run goes.
public sealed interface SlowFinding {

  Cost cost();

  /// The beginning of the graph up to this node takes at least half of the time, and without it less. `millis` is what it takes with it
  /// (at most the limit, where the run was stopped), `millisBefore` without it. `scope` as in [ThrowFinding.AtNode].
  record AtNode(NodeRef node, List<NodeRef> scope, double millis, double millisBefore, Cost cost) implements SlowFinding {
    public AtNode {
      scope = List.copyOf(scope);
    }
  }

  /// No single node takes most of the time, or the run could not be repeated; `reason` says which.
  record Unlocated(String reason, Cost cost) implements SlowFinding {}
}
