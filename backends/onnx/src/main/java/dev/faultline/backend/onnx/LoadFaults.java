package dev.faultline.backend.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtException.OrtErrorCode;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphException;
import dev.faultline.graph.Node;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says why an artifact does not load: what was found, what was expected, how to mend it. One method for each reason.
final class LoadFaults {

  private static final Pattern OPSET = Pattern.compile("Opset (\\d+) is under development.*domain (\\S+) is till opset (\\d+)", Pattern.DOTALL);
  private static final Pattern IR = Pattern.compile("Unsupported model IR version: (\\d+), max supported IR version: (\\d+)");
  private static final Pattern NO_OP = Pattern.compile("No Op registered for (\\S+) with domain_version of (\\d+)");
  private static final Pattern NO_FUNCTION = Pattern.compile("Fatal error: (.*):(\\w+)\\(-?\\d+\\) is not a registered function/op");
  private static final Pattern NO_DOMAIN = Pattern.compile("No opset import for domain '([^']*)'");
  private static final Pattern NO_KERNEL = Pattern.compile("Could not find an implementation for (\\w+)\\((\\d+)\\) node with name '([^']*)'");
  private static final Pattern NODE = Pattern.compile("In Node, \\(\"([^\"]*)\"|Node \\(([^)]*)\\) Op|in node \\(([^)]*)\\)|of node \\(([^)]*)\\)|Node\\(([^)]*)\\) with schema");
  private static final Pattern INVALID =
      Pattern.compile(
          "ShapeInferenceError|Type Error|is not a graph input|not acyclic|does not exist in the graph|invalid model|Invalid model"
              + "|Unrecognized attribute|Required attribute|Duplicate|duplicate");
  private static final Pattern MEMORY = Pattern.compile("(?i)bad_alloc|failed to allocate");
  private static final Pattern EXTERNAL = Pattern.compile("(?i)external data|external initializer|GetFileLength");

  private final String what;

  LoadFaults(Artifact artifact) {
    this.what = "model '" + artifact.model() + "' version " + artifact.version();
  }

  LoadException of(GraphException e) {
    String code =
        switch (e.problem()) {
          case UNREADABLE -> "load.unreadable";
          case EMPTY, OTHER_FORMAT, DAMAGED, NO_GRAPH -> "load.not_onnx";
          case INVALID, UNKNOWN_VALUE -> "load.graph_invalid";
        };
    return new LoadException(code, what + " does not load: " + e.getMessage(), e);
  }

  LoadException unreadable(IOException e) {
    return new LoadException("load.unreadable", what + " does not load: its file cannot be read: " + e + " (expected: a readable .onnx file)", e);
  }

  LoadException tooLarge(long bytes) {
    return new LoadException(
        "load.too_large",
        what + " is a file of " + bytes + " bytes (expected: less than 2 GiB, the most that a protobuf file can hold); save its weights as external data");
  }

  LoadException externalDataMissing(List<String> missing, Path folder) {
    return new LoadException(
        "load.external_data_missing",
        what + " keeps weights in " + missing + ", not found in " + folder + " (expected: these files beside the model); copy them there");
  }

  LoadException pathOutside(String location) {
    return new LoadException(
        "load.path_outside",
        what + " keeps weights in '" + location + "' (expected: a file beside the model, named relative to it); save it with the weights in its own folder");
  }

  LoadException linkedOutside(String location, Path place) {
    return new LoadException(
        "load.path_outside",
        what + " keeps weights in '" + location + "', a link to '" + place + "' outside the model's folder, which the engine does not read (expected: the file itself, or a hard link)");
  }

  LoadException rankUnknown(String input) {
    return new LoadException(
        "load.type_unsupported",
        what + ": input '" + input + "' declares no dimensions, not even how many (expected: a shape, with names where extents vary); declare it when exporting");
  }

  /// @param form what it is instead, such as `a sequence of float tensors`
  LoadException typeUnsupported(String side, String name, String form, String mend) {
    return new LoadException(
        "load.type_unsupported",
        what + ": " + side + " '" + name + "' is " + form + " (expected: a tensor of a type that the Open Inference Protocol carries); " + mend);
  }

  /// Reads the engine's words; they stay at the end of the message.
  LoadException of(Graph graph, OrtException e) {
    String told = String.valueOf(e.getMessage());
    Diagnosis diagnosis = diagnose(graph, told, e.getCode());
    return new LoadException(diagnosis.code(), what + " " + diagnosis.text() + "; the engine says: " + EngineMessage.of(told).reason(), e);
  }

  private record Diagnosis(String code, String text) {}

  private Diagnosis diagnose(Graph graph, String told, OrtErrorCode code) {
    Matcher opset = OPSET.matcher(told);
    if (opset.find()) {
      return new Diagnosis(
          "load.opset_unsupported",
          "uses operator set %s of domain %s (expected: at most %s); export it with a lower opset".formatted(opset.group(1), opset.group(2), opset.group(3)));
    }
    Matcher ir = IR.matcher(told);
    if (ir.find()) {
      return new Diagnosis(
          "load.ir_unsupported",
          "is of ONNX file format version %s (expected: at most %s); save it with an older onnx package or set its ir_version".formatted(ir.group(1), ir.group(2)));
    }
    return unknownOperator(graph, told)
        .map(text -> new Diagnosis("load.op_unsupported", text))
        .orElseGet(() -> other(graph, told, code));
  }

  private Diagnosis other(Graph graph, String told, OrtErrorCode code) {
    if (EXTERNAL.matcher(told).find()) {
      return new Diagnosis("load.external_data_missing", "cannot read its weights from the files beside it (expected: complete files)");
    }
    if (MEMORY.matcher(told).find()) {
      return new Diagnosis("load.too_large", "asks for more memory than there is (expected: a model that fits)");
    }
    if (INVALID.matcher(told).find() || code == OrtErrorCode.ORT_INVALID_GRAPH) {
      return new Diagnosis("load.graph_invalid", "is no valid graph" + at(graph, told) + " (expected: one that onnx.checker accepts)");
    }
    return code == OrtErrorCode.ORT_INVALID_PROTOBUF
        ? new Diagnosis("load.not_onnx", "is no ONNX model (expected: a complete .onnx file)")
        : new Diagnosis("load.failed", "does not load" + at(graph, told));
  }

  private Optional<String> unknownOperator(Graph graph, String told) {
    Matcher op = NO_OP.matcher(told);
    if (op.find()) {
      return Optional.of("needs operator %s of opset %s%s, which %s does not have".formatted(op.group(1), op.group(2), at(graph, told), Engine.NAME));
    }
    Matcher function = NO_FUNCTION.matcher(told);
    if (function.find()) {
      return Optional.of(
          "needs operator %s of domain %s%s, which %s does not have".formatted(function.group(2), function.group(1), withOp(graph, function.group(2)), Engine.NAME));
    }
    Matcher domain = NO_DOMAIN.matcher(told);
    if (domain.find()) {
      return Optional.of("uses domain %s%s without importing it (expected: an entry in opset_import)".formatted(domain.group(1), at(graph, told)));
    }
    Matcher kernel = NO_KERNEL.matcher(told);
    return kernel.find()
        ? Optional.of(
            "needs operator %s of opset %s in %s for a data type that %s does not compute (expected: float mostly)"
                .formatted(kernel.group(1), kernel.group(2), node(graph, kernel.group(3)), Engine.NAME))
        : Optional.empty();
  }

  private static String at(Graph graph, String told) {
    Matcher node = NODE.matcher(told);
    if (!node.find()) {
      return "";
    }
    for (int group = 1; group <= node.groupCount(); group++) {
      if (node.group(group) != null) {
        return " in " + node(graph, node.group(group));
      }
    }
    return "";
  }

  private static String withOp(Graph graph, String op) {
    return graph.nodes().stream().filter(node -> node.op().equals(op)).findFirst().map(node -> " in " + describe(node)).orElse("");
  }

  private static String node(Graph graph, String name) {
    return graph.findNode(name).map(LoadFaults::describe).orElse("node " + name);
  }

  private static String describe(Node node) {
    return "node " + SourceNodes.ref(node, "");
  }
}
