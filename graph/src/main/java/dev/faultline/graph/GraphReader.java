package dev.faultline.graph;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.faultline.graph.GraphException.Problem;
import dev.faultline.graph.proto.ModelProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads ONNX models. Whatever the bytes are, reading ends with a [Graph] or a [GraphException].
public final class GraphReader {

  /// The first version of the format that must name its operator sets.
  private static final long IR_WITH_OPSETS = 3;

  private GraphReader() {}

  /// The graph of a model file. External initializers are not read, see [Graph#externalFiles()].
  public static Graph read(Path path) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
    } catch (IOException | OutOfMemoryError e) {
      throw new GraphException(Problem.UNREADABLE, path + " cannot be read: " + e, e);
    }
    return read(bytes, path.toString());
  }

  /// The graph of a model file with the weights that stand beside it brought in, so that they can be compared and mixed. Only those of the
  /// graph itself; what attributes and bodies keep elsewhere stays there.
  public static Graph readWhole(Path path) {
    Graph graph = read(path);
    return graph.externalFiles().isEmpty() ? graph : Graph.of(InlinedWeights.of(graph.model(), path));
  }

  /// The graph of a model's bytes.
  public static Graph read(byte[] bytes) {
    return read(bytes, "the model");
  }

  private static Graph read(byte[] bytes, String what) {
    if (bytes.length == 0) {
      throw new GraphException(Problem.EMPTY, what + " is empty (expected: an ONNX model)");
    }
    ModelProto model = parse(bytes, what);
    if (!model.hasGraph()) {
      throw diagnosed(bytes, new GraphException(Problem.NO_GRAPH, what + " holds no graph in its " + bytes.length + " bytes"), what);
    }
    if (model.getIrVersion() >= IR_WITH_OPSETS && model.getOpsetImportCount() == 0) {
      throw new GraphException(
          Problem.DAMAGED,
          what + " names no operator set (expected: at least one from IR version 3 on); its end may be missing, check that its"
              + " size of " + bytes.length + " bytes is complete");
    }
    return Graph.of(model);
  }

  private static ModelProto parse(byte[] bytes, String what) {
    try {
      return ModelProto.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw diagnosed(
          bytes,
          new GraphException(
              Problem.DAMAGED,
              what + " ends early or is damaged: " + e.getMessage() + " Check that its size of " + bytes.length
                  + " bytes is complete",
              e),
          what);
    }
  }

  /// A better exception if the bytes turn out to be something else.
  private static GraphException diagnosed(byte[] bytes, GraphException exception, String what) {
    return KnownFormat.of(bytes)
        .map(
            format ->
                new GraphException(
                    Problem.OTHER_FORMAT, what + " is " + format.description() + " (expected: an ONNX model)", exception))
        .orElse(exception);
  }
}
