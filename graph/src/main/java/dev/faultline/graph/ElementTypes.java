package dev.faultline.graph;

import dev.faultline.graph.ValueType.Other;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The element types of a graph's values as far as they follow from what the model declares and from the operators.
///
/// This is no type checker: it knows enough operators to tell floats from the rest and says [ElementType#UNDEFINED] elsewhere.
/// A declared type goes before a derived one.
final class ElementTypes {

  /// Their outputs have the element type of their first input whose type is known.
  private static final Set<String> SAME =
      Set.of(
          "Abs", "Acos", "Acosh", "Add", "AffineGrid", "Asin", "Asinh", "Atan", "Atanh", "Attention", "AveragePool",
          "BatchNormalization", "BiasGelu", "Ceil", "Celu", "CenterCropPad", "Clip", "Col2Im", "Compress", "Concat", "Conv",
          "ConvTranspose", "Cos", "Cosh", "CumSum", "DFT", "DepthToSpace", "Det", "Div", "Einsum", "Elu", "Erf", "Exp", "Expand",
          "FastGelu", "Flatten", "Floor", "FusedConv", "FusedGemm", "FusedMatMul", "GRU", "Gather", "GatherElements", "GatherND",
          "Gelu", "Gemm", "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool", "GridSample", "GroupNormalization", "HardSigmoid",
          "HardSwish", "Hardmax", "Identity", "InstanceNormalization", "LRN", "LSTM", "LayerNormalization", "LeakyRelu", "Log",
          "LogSoftmax", "LpNormalization", "LpPool", "MatMul", "Max", "MaxRoiPool", "Mean", "MeanVarianceNormalization", "Min",
          "Mish", "Mod", "Mul", "Neg", "PRelu", "Pad", "Pow", "QuickGelu", "RMSNormalization", "RNN", "Range", "Reciprocal",
          "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd",
          "ReduceSum", "ReduceSumSquare", "Relu", "Reshape", "Resize", "ReverseSequence", "RoiAlign", "RotaryEmbedding", "Round",
          "STFT", "Scatter", "ScatterElements", "ScatterND", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh",
          "SkipLayerNormalization", "Slice", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Split", "Sqrt", "Squeeze", "Sub",
          "Sum", "Swish", "Tan", "Tanh", "TensorScatter", "ThresholdedRelu", "Tile", "Transpose", "Trilu", "Unsqueeze", "Upsample");

  private static final Set<String> BOOL =
      Set.of("And", "Equal", "Greater", "GreaterOrEqual", "IsInf", "IsNaN", "Less", "LessOrEqual", "Not", "Or", "Xor");

  private static final Set<String> INT64 = Set.of("ArgMax", "ArgMin", "NonMaxSuppression", "NonZero", "Shape", "Size");

  private static final Set<String> ML_FLOAT =
      Set.of(
          "Binarizer", "DictVectorizer", "FeatureVectorizer", "LinearRegressor", "Normalizer", "OneHotEncoder", "SVMRegressor",
          "Scaler", "TreeEnsembleRegressor");

  private static final Set<String> ML_SAME = Set.of("ArrayFeatureExtractor", "Imputer", "TreeEnsemble");

  private static final Set<String> ML_CLASSIFIERS = Set.of("LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier");

  private final @Nullable ElementTypes outer;
  private final Map<String, ElementType> types = new HashMap<>();
  private final Set<String> noTensors = new HashSet<>();

  private ElementTypes(GraphProto graph, @Nullable ElementTypes outer) {
    this.outer = outer;
    declare(graph);
    graph.getNodeList().forEach(this::derive);
  }

  static ElementTypes of(Graph graph) {
    return of(graph.model().getGraph(), null);
  }

  /// The types inside a body, which sees the values of the graph around it.
  static ElementTypes of(GraphProto body, @Nullable ElementTypes outer) {
    return new ElementTypes(body, outer);
  }

  /// The element type, [ElementType#UNDEFINED] where it does not follow.
  ElementType of(String value) {
    ElementType known = types.get(value);
    if (known != null) {
      return known;
    }
    return outer == null ? ElementType.UNDEFINED : outer.of(value);
  }

  boolean isFloat(String value) {
    return of(value).isFloat();
  }

  /// Whether nothing is known against the value being a float tensor.
  boolean mayBeFloat(String value) {
    return isFloat(value) || (of(value) == ElementType.UNDEFINED && !noTensors.contains(value));
  }

  private void declare(GraphProto graph) {
    graph.getInitializerList().forEach(this::declare);
    graph
        .getSparseInitializerList()
        .forEach(tensor -> set(tensor.getValues().getName(), ElementType.of(tensor.getValues().getDataType())));
    declare(graph.getInputList());
    declare(graph.getOutputList());
    declare(graph.getValueInfoList());
  }

  private void declare(TensorProto tensor) {
    set(tensor.getName(), ElementType.of(tensor.getDataType()));
  }

  private void declare(List<ValueInfoProto> values) {
    for (ValueInfoProto value : values) {
      ValueType type = ValueType.of(value.getType());
      set(value.getName(), type.element());
      if (type instanceof Other) {
        noTensors.add(value.getName());
      }
    }
  }

  private void set(String value, ElementType type) {
    if (type != ElementType.UNDEFINED && !value.isEmpty()) {
      types.putIfAbsent(value, type);
    }
  }

  private void derive(NodeProto node) {
    for (int i = 0; i < node.getOutputCount(); i++) {
      set(node.getOutput(i), derive(node, i));
    }
  }

  private ElementType derive(NodeProto node, int output) {
    return switch (Graph.domain(node.getDomain())) {
      case "", "com.microsoft" -> deriveOnnx(node, output);
      case "ai.onnx.ml" -> deriveMl(node, output);
      default -> ElementType.UNDEFINED;
    };
  }

  private ElementType deriveOnnx(NodeProto node, int output) {
    String op = node.getOpType();
    if (SAME.contains(op)) {
      return firstKnown(node.getInputList());
    }
    if (BOOL.contains(op)) {
      return ElementType.BOOL;
    }
    if (INT64.contains(op)) {
      return ElementType.INT64;
    }
    return switch (op) {
      case "TopK", "MaxPool", "Unique" -> output == 0 ? input(node, 0) : ElementType.INT64;
      case "Dropout" -> output == 0 ? input(node, 0) : ElementType.BOOL;
      case "Cast" -> stated(node, "to", ElementType.UNDEFINED);
      case "CastLike", "DequantizeLinear" -> input(node, 1);
      case "Where" -> firstKnown(node.getInputList().subList(Math.min(1, node.getInputCount()), node.getInputCount()));
      case "OneHot" -> input(node, 2);
      case "QuantizeLinear" -> quantized(node);
      case "DynamicQuantizeLinear" -> output == 1 ? ElementType.FLOAT : ElementType.UINT8;
      case "MatMulInteger", "ConvInteger" -> ElementType.INT32;
      case "Constant" -> constant(node);
      case "ConstantOfShape" -> find(node, "value").map(a -> ElementType.of(a.getT().getDataType())).orElse(ElementType.FLOAT);
      case "RandomNormal", "RandomUniform", "BlackmanWindow", "HannWindow", "HammingWindow", "MelWeightMatrix" ->
          stated(node, op.startsWith("Random") ? "dtype" : "output_datatype", ElementType.FLOAT);
      case "RandomNormalLike", "RandomUniformLike", "EyeLike", "Bernoulli" -> stated(node, "dtype", input(node, 0));
      case "Multinomial" -> stated(node, "dtype", ElementType.INT32);
      case "If" -> body(node, output);
      case "Loop" -> body(node, output + 1);
      case "Scan" -> body(node, output);
      default -> ElementType.UNDEFINED;
    };
  }

  private ElementType deriveMl(NodeProto node, int output) {
    String op = node.getOpType();
    if (ML_FLOAT.contains(op)) {
      return ElementType.FLOAT;
    }
    if (ML_SAME.contains(op)) {
      return input(node, 0);
    }
    if (ML_CLASSIFIERS.contains(op)) {
      return output == 1 ? ElementType.FLOAT : label(node);
    }
    return op.equals("LabelEncoder") ? encoded(node) : ElementType.UNDEFINED;
  }

  private static ElementType label(NodeProto node) {
    boolean text = find(node, "classlabels_strings").filter(a -> a.getStringsCount() > 0).isPresent();
    return text ? ElementType.STRING : ElementType.INT64;
  }

  private static ElementType encoded(NodeProto node) {
    if (find(node, "values_tensor").isPresent()) {
      return find(node, "values_tensor").map(a -> ElementType.of(a.getT().getDataType())).orElseThrow();
    }
    if (find(node, "values_floats").isPresent()) {
      return ElementType.FLOAT;
    }
    if (find(node, "values_int64s").isPresent()) {
      return ElementType.INT64;
    }
    return find(node, "values_strings").isPresent() ? ElementType.STRING : ElementType.UNDEFINED;
  }

  private ElementType quantized(NodeProto node) {
    ElementType zeroPoint = input(node, 2);
    return zeroPoint == ElementType.UNDEFINED ? stated(node, "output_dtype", ElementType.UINT8) : zeroPoint;
  }

  private static ElementType constant(NodeProto node) {
    return node.getAttributeList().stream()
        .map(
            attribute ->
                switch (attribute.getName()) {
                  case "value" -> ElementType.of(attribute.getT().getDataType());
                  case "sparse_value" -> ElementType.of(attribute.getSparseTensor().getValues().getDataType());
                  case "value_float", "value_floats" -> ElementType.FLOAT;
                  case "value_int", "value_ints" -> ElementType.INT64;
                  case "value_string", "value_strings" -> ElementType.STRING;
                  default -> ElementType.UNDEFINED;
                })
        .filter(type -> type != ElementType.UNDEFINED)
        .findFirst()
        .orElse(ElementType.UNDEFINED);
  }

  /// The type on which all bodies that know one agree.
  private ElementType body(NodeProto node, int output) {
    List<ElementType> found =
        Captures.bodies(node).stream()
            .filter(body -> output < body.getOutputCount())
            .map(body -> new ElementTypes(body, this).of(body.getOutput(output).getName()))
            .filter(type -> type != ElementType.UNDEFINED)
            .distinct()
            .toList();
    return found.size() == 1 ? found.getFirst() : ElementType.UNDEFINED;
  }

  private ElementType input(NodeProto node, int position) {
    return position < node.getInputCount() ? of(node.getInput(position)) : ElementType.UNDEFINED;
  }

  private ElementType firstKnown(Collection<String> values) {
    return values.stream()
        .map(this::of)
        .filter(type -> type != ElementType.UNDEFINED)
        .findFirst()
        .orElse(ElementType.UNDEFINED);
  }

  private static ElementType stated(NodeProto node, String attribute, ElementType otherwise) {
    return find(node, attribute).map(a -> ElementType.of(a.getI())).orElse(otherwise);
  }

  static Optional<AttributeProto> find(NodeProto node, String attribute) {
    return node.getAttributeList().stream().filter(a -> a.getName().equals(attribute)).findFirst();
  }
}
