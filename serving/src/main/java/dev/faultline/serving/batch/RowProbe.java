package dev.faultline.serving.batch;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.serving.backend.Ask;
import dev.faultline.serving.backend.Lanes;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.Place;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Asks a model, before it serves, whether a row's answer depends on the rows beside it: made-up rows run alone, together, and together
/// in another order and number. What differs by more than rounding interacts, and batching would change answers.
///
/// Made-up rows may not be to the model's taste. Then nothing is learnt, and the first real batches are compared instead.
final class RowProbe {
  private static final int ROWS = 4;
  private static final int OPEN_EXTENT = 4;
  private static final int ELEMENTS_MAX = 1 << 24;
  private static final long SEED = 20_261_123L;
  private static final long BUDGET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final LoadedModel model;
  private final Lanes lanes;
  private final Deadline deadline;

  RowProbe(LoadedModel model, Lanes lanes, long nowNanos) {
    this.model = model;
    this.lanes = lanes;
    this.deadline = Deadline.after(nowNanos, BUDGET_NANOS);
  }

  /// Why the graph alone forbids batches; empty when it does not.
  static Optional<String> forbiddenBy(List<TensorSpec> inputs, List<TensorSpec> outputs) {
    for (TensorSpec input : inputs) {
      if (input.dimensions().isEmpty() || input.dimensions().getFirst() instanceof Dimension.Fixed) {
        return Optional.of("input '" + input.name() + "' has no open first axis, which rows could be laid along");
      }
    }
    for (TensorSpec output : outputs) {
      if (!output.dimensions().isEmpty() && output.dimensions().getFirst() instanceof Dimension.Fixed) {
        return Optional.of("output '" + output.name() + "' has no open first axis, so it cannot be taken apart by row");
      }
    }
    return inputs.isEmpty() ? Optional.of("the model has no inputs") : Optional.empty();
  }

  /// Why rows interact; empty when they do not, or when nothing was learnt.
  Optional<String> interaction() {
    try {
      List<Tensor> rows = rows();
      List<RunResult> alone = IntStream.range(0, ROWS).mapToObj(row -> run(RowStack.rows(rows, row, 1))).toList();
      double noise = Likeness.distance(alone.getFirst(), run(RowStack.rows(rows, 0, 1)));
      if (noise > 1) {
        return Optional.of("the model does not answer the same row alike twice, so nobody could tell whether its neighbours matter");
      }
      for (int[] order : new int[][] {{0, 1, 2, 3}, {3, 1, 0, 2}, {2, 2, 0}}) {
        Optional<String> found = interaction(rows, alone, order);
        if (found.isPresent()) {
          return found;
        }
      }
    } catch (FaultException | IllegalStateException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private Optional<String> interaction(List<Tensor> rows, List<RunResult> alone, int[] order) {
    List<List<Tensor>> parts = IntStream.of(order).mapToObj(row -> RowStack.rows(rows, row, 1)).toList();
    RunResult together = run(RowStack.join(parts));
    for (int i = 0; i < order.length; i++) {
      Optional<RunResult> share = RowSplit.share(together, i, 1, order.length);
      if (share.isEmpty()) {
        return Optional.of("an output is not laid out by row: with " + order.length + " rows its first axis is no multiple of " + order.length);
      }
      if (Likeness.distance(alone.get(order[i]), share.get()) > 1) {
        return Optional.of("rows interact: the same row answers otherwise alone than beside " + (order.length - 1) + " others");
      }
    }
    return Optional.empty();
  }

  private RunResult run(List<Tensor> inputs) {
    try (Place place = lanes.admit(new Ask(inputs, deadline, Cancellation.NEVER, 1))) {
      return place.run(model, inputs, "a probe of the model's rows");
    }
  }

  private List<Tensor> rows() {
    var random = new Random(SEED);
    Map<String, Long> symbols = new HashMap<>();
    var tensors = new ArrayList<Tensor>();
    for (TensorSpec spec : model.inputs()) {
      if (spec.dimensions().getFirst() instanceof Dimension.Symbolic(String symbol)) {
        symbols.put(symbol, (long) ROWS);
      }
      Shape shape = shape(spec, symbols);
      if (shape.elementCount() > ELEMENTS_MAX) {
        throw new IllegalStateException("input '" + spec.name() + "' is too large for rows to be made up (expected: at most " + ELEMENTS_MAX + " elements)");
      }
      tensors.add(new Tensor(spec.name(), spec.type(), shape, elements(spec.type(), (int) shape.elementCount(), random)));
    }
    return tensors;
  }

  private static Shape shape(TensorSpec spec, Map<String, Long> symbols) {
    long[] extents = new long[spec.dimensions().size()];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = axis == 0 ? ROWS : switch (spec.dimensions().get(axis)) {
        case Dimension.Fixed(long extent) -> extent;
        case Dimension.Symbolic(String symbol) -> symbols.getOrDefault(symbol, (long) OPEN_EXTENT);
        case Dimension.Free _ -> OPEN_EXTENT;
      };
    }
    return Shape.of(extents);
  }

  /// Small numbers, which most models take: indices, too.
  private static Elements elements(DataType type, int count, Random random) {
    if (type == DataType.BYTES) {
      var texts = new byte[count][];
      java.util.Arrays.setAll(texts, _ -> Integer.toString(random.nextInt(4)).getBytes(StandardCharsets.UTF_8));
      return Elements.strings(texts);
    }
    ByteBuffer bytes = Elements.allocate(type, count);
    for (int i = 0; i < count; i++) {
      put(bytes, type, random);
    }
    return Elements.fixed(type, bytes.flip());
  }

  private static void put(ByteBuffer bytes, DataType type, Random random) {
    float value = 2 * random.nextFloat() - 1;
    int whole = random.nextInt(2);
    switch (type) {
      case FP32 -> bytes.putFloat(value);
      case FP64 -> bytes.putDouble(value);
      case FP16 -> bytes.putShort(Float.floatToFloat16(value));
      case BF16 -> bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
      case INT64, UINT64 -> bytes.putLong(whole);
      case INT32, UINT32 -> bytes.putInt(whole);
      case INT16, UINT16 -> bytes.putShort((short) whole);
      case BOOL, INT8, UINT8 -> bytes.put((byte) whole);
      case BYTES -> throw new IllegalArgumentException("BYTES has no number");
    }
  }
}
