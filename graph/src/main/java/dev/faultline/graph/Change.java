package dev.faultline.graph;

import dev.faultline.fault.NodeRef;
import java.util.List;

/// One thing in which a graph (the *bad* one) differs from another (the *good* one), and which [GraphGraft] can take back alone.
///
/// Names are those of the bad graph unless said otherwise.
public sealed interface Change {

  /// The change in one line: `std[7] 1.0 -> 0.001`.
  String words();

  /// Elements of a constant. `from` and `to` are row-major indexes, end excluded, and cover the whole constant until a search narrows
  /// them. `good` and `bad` are the element's values when it is one, the shapes when they differ, else the first elements; `change` is the norm of the
  /// difference over the norm of the good elements, infinite where shapes differ, 1 for text; `place` is the constant's name with the
  /// coordinates that the elements share: `std[7]`, `emb[17]`.
  record Weights(
      String name, String goodName, List<Long> goodShape, List<Long> badShape, long from, long to, long differing, double change, String place, String good, String bad)
      implements Change {
    public Weights {
      goodShape = List.copyOf(goodShape);
      badShape = List.copyOf(badShape);
    }

    public boolean isReshaped() {
      return !goodShape.equals(badShape);
    }

    @Override
    public String words() {
      return place + " " + good + " -> " + bad + (to - from > 1 && !isReshaped() ? " (" + differing + " of " + (to - from) + " elements)" : "");
    }
  }

  /// An attribute of a node; `good` and `bad` are its values as text, empty where it is not stated.
  record Argument(NodeRef node, String goodNode, String attribute, String good, String bad) implements Change {
    @Override
    public String words() {
      return attribute + " of " + node + " " + (good.isEmpty() ? "(default)" : good) + " -> " + (bad.isEmpty() ? "(default)" : bad);
    }
  }

  /// Nodes and what they read. `removed` are nodes of the good graph, `added` and `rewired` of the bad one; those inside bodies count
  /// as part of their control node.
  record Structure(List<NodeRef> removed, List<NodeRef> added, List<NodeRef> rewired) implements Change {
    public Structure {
      removed = List.copyOf(removed);
      added = List.copyOf(added);
      rewired = List.copyOf(rewired);
    }

    @Override
    public String words() {
      return removed.size() + " nodes removed, " + added.size() + " added, " + rewired.size() + " rewired"
          + (added.isEmpty() ? "" : ", the first added is " + added.getFirst());
    }
  }

  /// The version of an operator set; ONNX's own domain is the empty string, 0 means not imported.
  record Opset(String domain, long good, long bad) implements Change {
    @Override
    public String words() {
      return "opset " + (domain.isEmpty() ? "ai.onnx" : domain) + " " + good + " -> " + bad;
    }
  }
}
