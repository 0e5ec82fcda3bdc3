package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.SourceNodes.Located;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphException;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.NodeNames;
import dev.faultline.graph.Value;
import dev.faultline.serving.backend.OperatorUse;
import dev.faultline.tensor.DataType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The operators of a file, read without the engine: opening a session runs what it can fold, which may kill the process already.
///
/// Divisions are listed only when their operands are known to be whole and may hold what overflows; a division of operands of unknown
/// type is left out, since nearly all of those are of floats.
final class GraphCensus {
  private static final Set<String> OWN_DOMAINS = Set.of("", "ai.onnx");
  private static final Set<String> DIVISIONS = Set.of("Div", "Mod");

  private GraphCensus() {}

  static List<OperatorUse> of(Path file) {
    try {
      return Files.size(file) > ModelLoading.FILE_BYTES_MAX ? List.of() : of(NodeNames.complete(GraphReader.read(file)));
    } catch (IOException | GraphException e) {
      // loading the file says so, with a code
      return List.of();
    }
  }

  private static List<OperatorUse> of(Graph graph) {
    Map<String, DataType> types = new HashMap<>();
    graph.inputs().forEach(input -> type(input).ifPresent(type -> types.put(input.name(), type)));
    var uses = new LinkedHashSet<OperatorUse>();
    for (Located node : SourceNodes.of(graph).all()) {
      if (OWN_DOMAINS.contains(node.proto().getDomain())) {
        use(node, types).ifPresent(uses::add);
      }
    }
    return List.copyOf(uses);
  }

  private static Optional<OperatorUse> use(Located node, Map<String, DataType> types) {
    String op = node.proto().getOpType();
    if (DIVISIONS.contains(op)) {
      return Division.find(node, types).map(division -> new OperatorUse(op, List.of(division.type())));
    }
    return Optional.of(new OperatorUse(op, InnerTypes.find(node.operand(0), node.scope(), types).map(List::of).orElse(List.of())));
  }

  private static Optional<DataType> type(Value input) {
    ElementType element = input.element();
    return switch (element) {
      case FLOAT -> Optional.of(DataType.FP32);
      case DOUBLE -> Optional.of(DataType.FP64);
      case FLOAT16 -> Optional.of(DataType.FP16);
      case BFLOAT16 -> Optional.of(DataType.BF16);
      default -> Arrays.stream(DataType.values()).filter(type -> type.name().equals(element.name())).findFirst();
    };
  }
}
