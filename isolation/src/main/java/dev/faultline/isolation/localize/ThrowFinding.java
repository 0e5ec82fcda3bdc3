package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import java.util.List;

/// What was found about a run that failed.
public sealed interface ThrowFinding {

  Cost cost();

  /// A node of the model file failed. `scope` lists the `If`, `Loop`, `Scan` or function calls around it, outermost first; `iterations`
  /// says for each of them in which iteration, -1 where there are none. `reason` is the engine's, without places in its own source.
  record AtNode(
      NodeRef node, List<NodeRef> scope, List<Long> iterations, String reason, List<Operand> operands, List<Offence> offences, Cost cost)
      implements ThrowFinding {
    public AtNode {
      scope = List.copyOf(scope);
      iterations = List.copyOf(iterations);
      operands = List.copyOf(operands);
      offences = List.copyOf(offences);
    }
  }

  /// The graph as it stands in the file runs; only what the engine's optimiser makes of it fails. `firstFailing` is the lowest level that
  /// does, `optimizers` the engine's names of those that must be left out for it to pass, empty when that was not found out; `at` is a
  /// node as the engine names it, with index -1.
  record OptimizerFault(Optimization firstFailing, List<String> optimizers, NodeRef at, String reason, Cost cost) implements ThrowFinding {
    public OptimizerFault {
      optimizers = List.copyOf(optimizers);
    }
  }

  /// The run succeeded when it was repeated.
  record NotReproduced(Cost cost) implements ThrowFinding {}

  /// The run fails and no node can be named; `reason` says why not.
  record Unlocated(String reason, Cost cost) implements ThrowFinding {}
}
