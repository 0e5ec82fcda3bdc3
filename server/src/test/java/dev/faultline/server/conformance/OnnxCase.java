package dev.faultline.server.conformance;

import com.google.protobuf.ExtensionRegistryLite;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One published case: a model, inputs, and the outputs they should give.
///
/// `obstacle` says which input or output is no tensor that the protocol can carry; inputs and outputs are empty then.
record OnnxCase(String name, Path model, List<WireTensor> inputs, List<WireTensor> outputs, String obstacle) {
  private static final String DATA = "test_data_set_0";

  OnnxCase {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// @param file such as `data/node/test_abs/model.onnx`, with the case's data beside it
  static OnnxCase read(Path file) throws IOException {
    Path folder = file.resolveSibling("").normalize();
    GraphProto graph = ModelProto.parseFrom(Files.readAllBytes(file), ExtensionRegistryLite.getEmptyRegistry()).getGraph();
    Set<String> constants = graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    List<ValueInfoProto> takes = graph.getInputList().stream().filter(input -> !constants.contains(input.getName())).toList();
    String name = folder.getName(folder.getNameCount() - 2) + "." + folder.getFileName();
    var inputs = new ArrayList<WireTensor>();
    var outputs = new ArrayList<WireTensor>();
    String obstacle = read(takes, folder, "input", inputs) + read(graph.getOutputList(), folder, "output", outputs);
    return obstacle.isEmpty() ? new OnnxCase(name, file, inputs, outputs, "") : new OnnxCase(name, file, List.of(), List.of(), obstacle);
  }

  /// What stands in the way, or the empty text.
  private static String read(List<ValueInfoProto> values, Path folder, String side, List<WireTensor> tensors) throws IOException {
    for (int i = 0; i < values.size(); i++) {
      ValueInfoProto value = values.get(i);
      if (!value.getType().hasTensorType()) {
        return side + " `" + value.getName() + "` is no tensor";
      }
      byte[] bytes = Files.readAllBytes(folder.resolve(DATA).resolve(side + "_" + i + ".pb"));
      TensorProto proto = TensorProto.parseFrom(bytes, ExtensionRegistryLite.getEmptyRegistry());
      Optional<WireTensor> tensor = WireTensorFromProto.convert(value.getName(), declared(proto, value));
      if (tensor.isEmpty()) {
        return side + " `" + value.getName() + "` has a type that the protocol lacks";
      }
      tensors.add(tensor.get());
    }
    return "";
  }

  /// The package holds BF16 numbers as UINT16 ones of the same bits; the model says what they are.
  private static TensorProto declared(TensorProto proto, ValueInfoProto value) {
    boolean isHalf = value.getType().getTensorType().getElemType() == TensorProto.DataType.BFLOAT16_VALUE;
    return isHalf && proto.getDataType() == TensorProto.DataType.UINT16_VALUE ? proto.toBuilder().setDataType(TensorProto.DataType.BFLOAT16_VALUE).build() : proto;
  }
}
