package dev.faultline.isolation.localize;

import dev.faultline.tensor.Shape;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// What a blamed node was given at one position, in the run that went wrong.
///
/// `shapes` and `seen` hold one member each, or none: no shape when the value could not be brought out of the engine, no summary when
/// it was larger than [Laboratory#valueBytesMax] allows.
public record Operand(int position, String value, Source source, List<Shape> shapes, List<TensorSummary> seen) {

  /// Where a value comes from.
  public enum Source {
    /// A graph input.
    INPUT,
    /// The model file.
    INITIALIZER,
    /// Another node.
    COMPUTED
  }

  public Operand {
    shapes = List.copyOf(shapes);
    seen = List.copyOf(seen);
  }
}
