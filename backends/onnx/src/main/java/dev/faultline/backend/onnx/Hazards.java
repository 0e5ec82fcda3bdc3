package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.Hazard.Kind;
import dev.faultline.backend.onnx.Hazard.Protection;
import dev.faultline.backend.onnx.SourceNodes.Located;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the hazards of a graph when it is loaded, and refuses the inputs that would set one off.
///
/// Measured with ONNX Runtime 1.29.0: `Div` and `Mod` of the smallest `INT32` or `INT64` by -1 trap (narrower integers and `fmod` do not);
/// `LSTM` with no rows, `GRU` with no rows or no time steps abort (`RNN` does not).
final class Hazards {

  private static final Set<String> RECURRENT = Set.of("LSTM", "GRU");

  private final List<Located> recurrent;
  private final List<Division> divisions;

  private Hazards(List<Located> recurrent, List<Division> divisions) {
    this.recurrent = recurrent;
    this.divisions = divisions;
  }

  static Hazards of(SourceNodes nodes, List<TensorSpec> inputs) {
    Map<String, DataType> types = inputs.stream().collect(Collectors.toMap(TensorSpec::name, TensorSpec::type));
    List<Located> recurrent = new ArrayList<>();
    List<Division> divisions = new ArrayList<>();
    for (Located node : nodes.all()) {
      if (RECURRENT.contains(node.proto().getOpType())) {
        recurrent.add(node);
      }
      Division.find(node, types).ifPresent(divisions::add);
    }
    return new Hazards(List.copyOf(recurrent), List.copyOf(divisions));
  }

  /// Recurrent nodes count as protected only as far as an empty *model input* is what empties them.
  List<Hazard> all() {
    return Stream.concat(
            recurrent.stream().map(node -> new Hazard(node.ref(), Kind.EMPTY_SEQUENCE, Protection.REFUSED)),
            divisions.stream().map(Division::hazard))
        .toList();
  }

  /// @throws FaultException naming node and elements, when the run would end the process
  void requireHarmless(Map<String, Tensor> sent) {
    if (!recurrent.isEmpty()) {
      requireRows(recurrent.getFirst(), sent);
    }
    for (Division division : divisions) {
      division.overflow(sent).ifPresent(culprits -> refuse(division, culprits));
    }
  }

  private static void requireRows(Located node, Map<String, Tensor> sent) {
    Optional<Tensor> empty = sent.values().stream().filter(tensor -> tensor.count() == 0).findFirst();
    if (empty.isPresent()) {
      Tensor tensor = empty.get();
      throw refusal(
          node,
          "input '" + tensor.name() + "' has no elements, which ends the process in this operator (expected: at least one)",
          List.of(Field.input(tensor.name(), "")),
          new Evidence.Value(tensor.shape().toString(), "a shape without 0", "graph"));
    }
  }

  private static void refuse(Division division, List<Field> culprits) {
    throw refusal(
        division.node(),
        "the smallest " + division.type() + " divided by -1 is no " + division.type() + " and ends the process",
        culprits,
        new Evidence.Value("-1", "a divisor other than -1 for " + division.smallest(), "graph"));
  }

  private static FaultException refusal(Located node, String reason, List<Field> culprits, Evidence evidence) {
    return new FaultException(
        new InferFault.NodeFailed(node.ref(), reason, Blame.CALLER, culprits, List.of(evidence), List.of()));
  }
}
