package dev.faultline.graph;

import com.google.protobuf.ByteString;
import dev.faultline.graph.GraphException.Problem;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Brings initializers that a model keeps in files beside it into the model.
final class InlinedWeights {
  /// More than a model may hold in one file is left where it is.
  static final long BYTES_MAX = 512L << 20;

  private final Path folder;
  private long bytes;

  private InlinedWeights(Path folder) {
    this.folder = folder;
  }

  /// @throws GraphException when a file beside the model cannot be read or is too short
  static ModelProto of(ModelProto model, Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null) {
      return model;
    }
    var weights = new InlinedWeights(folder);
    GraphProto.Builder graph = model.getGraph().toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      if (graph.getInitializer(i).getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
        graph.setInitializer(i, weights.inlined(graph.getInitializer(i)));
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  private TensorProto inlined(TensorProto tensor) {
    Path file = folder.resolve(ExternalFiles.location(tensor)).normalize();
    if (!file.startsWith(folder)) {
      return tensor;
    }
    try {
      long from = number(tensor, "offset", 0);
      long length = number(tensor, "length", Files.size(file) - from);
      bytes += length;
      return bytes > BYTES_MAX ? tensor : tensor.toBuilder().clearExternalData().clearDataLocation().setRawData(read(file, from, (int) length)).build();
    } catch (IOException | NumberFormatException e) {
      throw new GraphException(Problem.UNREADABLE, "weights '" + tensor.getName() + "' in " + file + " cannot be read: " + e, e);
    }
  }

  private static ByteString read(Path file, long from, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    try (FileChannel channel = FileChannel.open(file)) {
      while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
        // read on until it is full or the file ends
      }
    }
    if (buffer.hasRemaining()) {
      throw new IOException("the file ends after " + buffer.position() + " of " + length + " bytes at " + from);
    }
    return ByteString.copyFrom(buffer.flip());
  }

  private static long number(TensorProto tensor, String key, long otherwise) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .map(Long::parseLong)
        .findFirst()
        .orElse(otherwise);
  }
}
