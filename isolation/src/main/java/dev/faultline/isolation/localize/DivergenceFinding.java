package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Change;
import java.util.List;

/// Where a version's inner values depart from those of the version before it, on one request.
public sealed interface DivergenceFinding {

  Cost cost();

  /// Nodes that make something else of the *earlier* version's operands, in topological order: what only passes an error on is not among
  /// them. `compared` is how many values both versions have.
  record Introduced(List<Introducer> nodes, int compared, Cost cost) implements DivergenceFinding {
    public Introduced {
      nodes = List.copyOf(nodes);
    }
  }

  /// All values that both versions have agree within the noise. `added` are nodes that only the later version has.
  record Alike(int compared, List<NodeRef> added, Cost cost) implements DivergenceFinding {
    public Alike {
      added = List.copyOf(added);
    }
  }

  /// Nothing can be said; `reason` says why.
  record Unlocated(String reason, Cost cost) implements DivergenceFinding {}

  /// A node that introduces a difference.
  ///
  /// @param node of the later version
  /// @param before the earlier version's
  /// @param error of its output: the norm of the difference over the norm of the earlier value, 2-norms; for whole numbers and text the
  ///     share of elements that differ
  /// @param alone the same when the node is given the earlier version's operands
  /// @param floor what the earlier version differs from itself by when it is optimised
  /// @param lossDecibels by how much the signal-to-noise ratio drops from the node's worst operand to its output
  /// @param changes what of the node and its constants changed
  record Introducer(NodeRef node, NodeRef before, double error, double alone, double floor, double lossDecibels, List<Change> changes) {
    public Introducer {
      changes = List.copyOf(changes);
    }
  }
}
