package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.SparseTensorProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.TensorProto;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/// Every file that a model says it keeps tensors in: of its graph, of bodies, of attributes and of functions.
///
/// The names are what the model's author wrote and may lead anywhere. Recursion is bounded: the parser refuses messages nested more than
/// 100 deep.
final class ExternalFiles {
  private final SequencedSet<String> locations = new LinkedHashSet<>();

  private ExternalFiles() {}

  static SequencedSet<String> of(ModelProto model) {
    var files = new ExternalFiles();
    files.addGraph(model.getGraph());
    model.getFunctionsList().forEach(function -> files.addNodes(function.getNodeList()));
    return files.locations;
  }

  /// The location that an external tensor states; empty if it states none.
  static String location(TensorProto tensor) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals("location"))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElse("");
  }

  private void addGraph(GraphProto graph) {
    graph.getInitializerList().forEach(this::addTensor);
    graph.getSparseInitializerList().forEach(this::addSparse);
    addNodes(graph.getNodeList());
  }

  private void addNodes(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      node.getAttributeList().forEach(this::addAttribute);
    }
  }

  private void addAttribute(AttributeProto attribute) {
    if (attribute.hasT()) {
      addTensor(attribute.getT());
    }
    if (attribute.hasG()) {
      addGraph(attribute.getG());
    }
    if (attribute.hasSparseTensor()) {
      addSparse(attribute.getSparseTensor());
    }
    attribute.getTensorsList().forEach(this::addTensor);
    attribute.getGraphsList().forEach(this::addGraph);
    attribute.getSparseTensorsList().forEach(this::addSparse);
  }

  private void addSparse(SparseTensorProto tensor) {
    addTensor(tensor.getValues());
    addTensor(tensor.getIndices());
  }

  private void addTensor(TensorProto tensor) {
    if (tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      locations.add(location(tensor));
    }
  }
}
