package dev.faultline.graph;

import dev.faultline.graph.proto.SparseTensorProto;
import dev.faultline.graph.proto.TensorProto;
import java.util.List;

/// A constant that a graph holds: name, element type, shape and where its elements are. The elements themselves stay in
/// [Graph#model()].
public record Initializer(String name, ElementType type, List<Long> shape, Storage storage) {

  /// Where the elements are.
  public sealed interface Storage {

    /// Inside the model's bytes.
    record Embedded() implements Storage {}

    /// In another file; `location` is relative to the folder of the model, so such a model cannot be loaded from bytes alone.
    record External(String location) implements Storage {}
  }

  public Initializer {
    shape = List.copyOf(shape);
  }

  static Initializer of(TensorProto proto) {
    return new Initializer(
        proto.getName(), ElementType.of(proto.getDataType()), proto.getDimsList(), storageOf(proto));
  }

  static Initializer of(SparseTensorProto proto) {
    TensorProto values = proto.getValues();
    return new Initializer(
        values.getName(), ElementType.of(values.getDataType()), proto.getDimsList(), storageOf(values));
  }

  private static Storage storageOf(TensorProto proto) {
    if (proto.getDataLocation() != TensorProto.DataLocation.EXTERNAL) {
      return new Storage.Embedded();
    }
    return new Storage.External(ExternalFiles.location(proto));
  }
}
