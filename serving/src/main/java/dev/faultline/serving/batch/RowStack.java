package dev.faultline.serving.batch;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Tensors laid on top of each other along the first axis, and taken apart again. Elements are copied, never computed with.
final class RowStack {
  private RowStack() {}

  /// The inputs of several requests with one [BatchKey] as those of one.
  static List<Tensor> join(List<List<Tensor>> parts) {
    var joined = new ArrayList<Tensor>(parts.getFirst().size());
    for (int i = 0; i < parts.getFirst().size(); i++) {
      int position = i;
      joined.add(joinOne(parts.stream().map(part -> part.get(position)).toList()));
    }
    return joined;
  }

  /// Rows `from` to `from + rows` of a tensor.
  static Tensor rows(Tensor tensor, long from, long rows) {
    long[] extents = tensor.shape().toArray();
    int perRow = extents[0] == 0 ? 0 : (int) (tensor.shape().elementCount() / extents[0]);
    extents[0] = rows;
    int first = (int) from * perRow;
    int count = (int) rows * perRow;
    Elements elements = switch (tensor.elements()) {
      case Elements.Fixed fixed -> slice(tensor.type(), fixed, first, count);
      case Elements.Strings strings -> slice(strings, first, count);
    };
    return new Tensor(tensor.name(), tensor.type(), Shape.of(extents), elements);
  }

  /// Every tensor's rows, for tensors that all hold the same rows.
  static List<Tensor> rows(List<Tensor> tensors, long from, long rows) {
    return tensors.stream().map(tensor -> rows(tensor, from, rows)).toList();
  }

  /// The shape of one row.
  static Shape row(Shape shape) {
    long[] extents = shape.toArray();
    return Shape.of(java.util.Arrays.copyOfRange(extents, 1, extents.length));
  }

  private static Tensor joinOne(List<Tensor> tensors) {
    Tensor first = tensors.getFirst();
    long[] extents = first.shape().toArray();
    extents[0] = tensors.stream().mapToLong(tensor -> tensor.shape().extent(0)).sum();
    return new Tensor(first.name(), first.type(), Shape.of(extents), elements(tensors));
  }

  private static Elements elements(List<Tensor> tensors) {
    DataType type = tensors.getFirst().type();
    int count = tensors.stream().mapToInt(Tensor::count).sum();
    if (type == DataType.BYTES) {
      var values = new byte[count][];
      int at = 0;
      for (Tensor tensor : tensors) {
        for (int i = 0; i < tensor.count(); i++) {
          values[at++] = ((Elements.Strings) tensor.elements()).bytesAt(i);
        }
      }
      return Elements.strings(values);
    }
    ByteBuffer bytes = Elements.allocate(type, count);
    tensors.forEach(tensor -> bytes.put(((Elements.Fixed) tensor.elements()).bytes()));
    return Elements.fixed(type, bytes.flip());
  }

  private static Elements slice(DataType type, Elements.Fixed fixed, int first, int count) {
    ByteBuffer bytes = Elements.allocate(type, count);
    bytes.put(fixed.bytes().slice(first * type.width(), count * type.width()));
    return Elements.fixed(type, bytes.flip());
  }

  private static Elements slice(Elements.Strings strings, int first, int count) {
    var values = new byte[count][];
    for (int i = 0; i < count; i++) {
      values[i] = strings.bytesAt(first + i);
    }
    return Elements.strings(values);
  }
}
