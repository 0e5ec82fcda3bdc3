package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// Where a non-finite value first appears in a graph.
///
/// `node` is the first in topological order whose output is not finite; `inputs` and `output` are what it was given and what it made
/// of it. `missingInputs` names the graph inputs that were not finite themselves and lead to the node: then the node is where a missing
/// value got through, otherwise it is where the value was born. `millis` is what finding it took.
public record Origin(NodeRef node, List<TensorSummary> inputs, TensorSummary output, List<String> missingInputs, double millis) {
  public Origin {
    inputs = List.copyOf(inputs);
    missingInputs = List.copyOf(missingInputs);
  }
}
