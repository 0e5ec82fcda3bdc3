package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// Where NaN and infinities in a run come from.
public sealed interface NonfiniteFinding {

  Cost cost();

  /// Where they are born: none of `births` depends on another, and each is the first in topological order on its way. `entries` are the
  /// graph inputs that were not finite themselves; what only passes them on is no birth. `level` is the optimisation at which they showed.
  record Births(List<Birth> births, List<Entry> entries, Optimization level, Cost cost) implements NonfiniteFinding {
    public Births {
      births = List.copyOf(births);
      entries = List.copyOf(entries);
    }
  }

  /// All values are finite in the file's graph and in the optimised one; the fault did not show again.
  record NotReproduced(Cost cost) implements NonfiniteFinding {}

  /// Nothing can be said; `reason` says why.
  record Unlocated(String reason, Cost cost) implements NonfiniteFinding {}

  /// A node that was given finite numbers and made others.
  ///
  /// `scope` and `iterations` as in [ThrowFinding.AtNode]. `made` sums up the output that is not finite; none when it was too large.
  /// `reaches` names the graph outputs that it spoils, and `swallowedBy` the nodes on the way that turn it into numbers that look sound.
  /// `rows` are the rows of the batch concerned, at most 16, where the output has as many rows as the request.
  record Birth(
      NodeRef node,
      List<NodeRef> scope,
      List<Long> iterations,
      List<TensorSummary> made,
      List<Operand> operands,
      List<Offence> offences,
      List<String> reaches,
      List<NodeRef> swallowedBy,
      List<Long> rows) {
    public Birth {
      scope = List.copyOf(scope);
      iterations = List.copyOf(iterations);
      made = List.copyOf(made);
      operands = List.copyOf(operands);
      offences = List.copyOf(offences);
      reaches = List.copyOf(reaches);
      swallowedBy = List.copyOf(swallowedBy);
      rows = List.copyOf(rows);
    }
  }

  /// A graph input with something in it that is not finite: `element` is the first. `enters` is the first node that makes something not
  /// finite of it, none when all nodes take it.
  record Entry(ElementSource element, List<NodeRef> enters, List<String> reaches, List<NodeRef> swallowedBy) {
    public Entry {
      enters = List.copyOf(enters);
      reaches = List.copyOf(reaches);
      swallowedBy = List.copyOf(swallowedBy);
    }
  }
}
