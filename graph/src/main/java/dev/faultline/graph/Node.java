package dev.faultline.graph;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// One operation of a graph.
///
/// @param index the place in topological order, from 0; also the place in `model().getGraph().getNodeList()`
/// @param name as the model states it; empty if it states none, see [NodeNames]
/// @param domain empty for ONNX's own operators
/// @param inputs by position as the operator numbers them; empty where an optional input is left out
/// @param outputs by position; empty where an optional output is left out
/// @param captures values of this graph that the bodies of an `If`, `Loop` or `Scan` read without naming them as inputs
public record Node(
    int index, String name, String op, String domain, List<String> inputs, List<String> outputs, List<String> captures) {

  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    captures = List.copyOf(captures);
  }

  /// Every value the node reads, inputs before captures, each once and none empty.
  public SequencedSet<String> reads() {
    SequencedSet<String> reads = new LinkedHashSet<>(inputs);
    reads.addAll(captures);
    reads.remove("");
    return reads;
  }

  /// Every value the node makes, none empty.
  public SequencedSet<String> writes() {
    SequencedSet<String> writes = new LinkedHashSet<>(outputs);
    writes.remove("");
    return writes;
  }
}
