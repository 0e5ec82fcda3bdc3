package dev.faultline.serving.step;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// `concat`: columns side by side, `[N,a]`, `[N,b]` and `[N]` become `[N,a+b+1]`. All parts have one numeric data type.
///
/// The parts are gone afterwards unless `keep` is true.
final class Concat implements Step {
  private final String name;
  private final List<String> parts;
  private final String output;
  private final boolean keep;

  private Concat(String name, List<String> parts, String output, boolean keep) {
    this.name = name;
    this.parts = parts;
    this.output = output;
    this.keep = keep;
  }

  static Step read(String name, Declared options) {
    Declared inputs = options.at("inputs");
    List<String> parts = inputs.texts();
    if (parts.isEmpty()) {
      inputs.problem("names no tensor (expected: a list of names)");
    }
    return new Concat(name, parts, options.at("output").requiredText(), options.at("keep").flag(false));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String kind() {
    return "concat";
  }

  @Override
  public List<String> reads() {
    return parts;
  }

  @Override
  public List<TensorSpec> specs(List<TensorSpec> before) {
    List<TensorSpec> read = parts.stream().map(part -> Specs.fetch(before, part)).toList();
    TensorSpec first = read.getFirst();
    read.forEach(part -> requireLike(first, part));
    var after = new ArrayList<>(before.stream().filter(spec -> stays(spec.name())).toList());
    Specs.requireFree(after, output);
    after.add(new TensorSpec(output, first.type(), List.of(rows(read), width(read)), columns(read), TensorSpec.Presence.REQUIRED));
    return after;
  }

  private static void requireLike(TensorSpec first, TensorSpec part) {
    Specs.requireNumber(part);
    Specs.require(part.type() == first.type(), part, first.type() + ", the type of '" + first.name() + "'; a cast step makes it");
    Specs.require(rankFits(part.dimensions().size()), part, "[N] or [N,k]; a reshape step makes it");
    boolean sameRows =
        !(part.dimensions().getFirst() instanceof Dimension.Fixed(long rows) && first.dimensions().getFirst() instanceof Dimension.Fixed(long others))
            || rows == others;
    Specs.require(sameRows, part, "as many rows as '" + Specs.shown(first));
  }

  private static boolean rankFits(int rank) {
    return rank == 1 || rank == 2;
  }

  /// The most exact statement that a part makes about the rows.
  private static Dimension rows(List<TensorSpec> parts) {
    List<Dimension> rows = parts.stream().map(part -> part.dimensions().getFirst()).toList();
    return rows.stream().filter(Dimension.Fixed.class::isInstance).findFirst().orElse(rows.getFirst());
  }

  private static Dimension width(List<TensorSpec> parts) {
    long sum = 0;
    for (TensorSpec part : parts) {
      if (part.dimensions().size() == 1) {
        sum++;
      } else if (part.dimensions().get(1) instanceof Dimension.Fixed(long extent)) {
        sum += extent;
      } else {
        return new Dimension.Free();
      }
    }
    return new Dimension.Fixed(sum);
  }

  /// Columns keep their names, an unnamed single column has its tensor's; where a part has none nobody knows, and there are none.
  private static List<String> columns(List<TensorSpec> parts) {
    var columns = new ArrayList<String>();
    for (TensorSpec part : parts) {
      boolean single = part.dimensions().size() == 1 || part.dimensions().get(1).wireExtent() == 1;
      if (part.columns().isEmpty() && !single) {
        return List.of();
      }
      columns.addAll(part.columns().isEmpty() || part.dimensions().size() == 1 ? List.of(part.name()) : part.columns());
    }
    return columns.stream().distinct().count() == columns.size() ? columns : List.of();
  }

  @Override
  public List<Tensor> apply(List<Tensor> before) {
    List<Tensor> read = parts.stream().map(part -> Tensors.fetch(before, part)).toList();
    var after = new ArrayList<>(before.stream().filter(tensor -> stays(tensor.name())).toList());
    after.add(joined(read));
    return after;
  }

  private boolean stays(String tensor) {
    return keep || !parts.contains(tensor);
  }

  private Tensor joined(List<Tensor> read) {
    int rows = rows(read.getFirst());
    int[] widths = read.stream().mapToInt(part -> width(part, read.getFirst(), rows)).toArray();
    int width = IntStream.of(widths).sum();
    DataType type = read.getFirst().type();
    ByteBuffer to = Elements.allocate(type, Math.multiplyExact(rows, width));
    int offset = 0;
    for (int part = 0; part < widths.length; part++) {
      copy(Numbers.fixed(read.get(part)).bytes(), widths[part] * type.width(), to, offset, width * type.width(), rows);
      offset += widths[part] * type.width();
    }
    return new Tensor(output, type, Shape.of(rows, width), Elements.fixed(type, to));
  }

  /// Row by row: `length` bytes of each row of `from` to `offset` in each row of `to`.
  private static void copy(ByteBuffer from, int length, ByteBuffer to, int offset, int stride, int rows) {
    for (int row = 0; row < rows; row++) {
      to.put(row * stride + offset, from, row * length, length);
    }
  }

  private static int rows(Tensor first) {
    if (!rankFits(first.shape().rank())) {
      throw Tensors.broken(first, "has shape " + first.shape(), "[N] or [N,k]");
    }
    return (int) first.shape().extent(0);
  }

  private static int width(Tensor part, Tensor first, int rows) {
    if (part.type() != first.type() || !rankFits(part.shape().rank()) || part.shape().extent(0) != rows) {
      throw Tensors.broken(part, "is " + part.type() + " " + part.shape(), rows + " rows of " + first.type() + ", as '" + first.name() + "' has");
    }
    return part.shape().rank() == 1 ? 1 : (int) part.shape().extent(1);
  }
}
