package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import java.util.List;

/// What was found about a run that kills its process.
public sealed interface CrashFinding {

  Cost cost();

  /// The beginning of the graph up to this node kills the process, and without it does not. `operands` and `offences` as in
  /// [ThrowFinding.AtNode]; `crashes` is how many processes it took.
  record AtNode(NodeRef node, List<NodeRef> scope, List<Operand> operands, List<Offence> offences, int crashes, Cost cost) implements CrashFinding {
    public AtNode {
      scope = List.copyOf(scope);
      operands = List.copyOf(operands);
      offences = List.copyOf(offences);
    }
  }

  /// The process survived when the run was repeated, optimised or not.
  record NotReproduced(Cost cost) implements CrashFinding {}

  /// No node was isolated; `among` are those left when the search ended, at most 16, and `reason` says why it did.
  record Unlocated(String reason, List<NodeRef> among, int crashes, Cost cost) implements CrashFinding {
    public Unlocated {
      among = List.copyOf(among);
    }
  }
}
