package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.model.TritonConfig.Content;
import dev.faultline.serving.model.TritonConfig.Made;
import dev.faultline.serving.model.TritonConfig.Sample;
import dev.faultline.serving.step.Numbers;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/// `model_warmup` of `config.pbtxt` made into tensors. Chance means numbers from 0 to 1 and the integers 0 and 1, always the same ones: a
/// warm-up must not fail today and pass tomorrow.
final class TritonWarmUp {
  private static final long BYTES_MAX = 1L << 28;
  private static final long SEED = 42;
  private static final int LENGTH_BYTES = 4;

  private final TritonConfig config;
  private final Path modelFolder;
  private final Draft draft;

  private TritonWarmUp(TritonConfig config, Path modelFolder, Draft draft) {
    this.config = config;
    this.modelFolder = modelFolder;
    this.draft = draft;
  }

  static void apply(TritonConfig config, Path modelFolder, Draft draft) {
    var warmUp = new TritonWarmUp(config, modelFolder, draft);
    config.warmUps().stream().filter(sample -> sample.batchSize() > 0).forEach(warmUp::add);
  }

  private void add(Sample sample) {
    String where = TritonConfigReader.FILE + ": model_warmup '" + sample.name() + "'";
    var tensors = new ArrayList<Tensor>();
    for (Made made : sample.inputs()) {
      tensor(sample, made, where + ": input '" + made.name() + "'").ifPresent(tensors::add);
    }
    for (TensorSpec spec : draft.inputs) {
      if (spec.presence() == TensorSpec.Presence.REQUIRED && sample.inputs().stream().noneMatch(made -> made.name().equals(spec.name()))) {
        draft.problems.add(where, "leaves out input '" + spec.name() + "' (expected: every input of the graph)");
      }
    }
    draft.warmUps.add(new WarmUp.Graph(where, tensors, sample.count()));
  }

  private Optional<Tensor> tensor(Sample sample, Made made, String where) {
    Optional<TensorSpec> graph = Agreement.find(draft.inputs, made.name());
    List<Long> extents = new ArrayList<>(made.dims());
    if (config.maxBatchSize() > 0) {
      extents.addFirst((long) sample.batchSize());
    }
    var said = TensorSpec.of(made.name(), made.type(), extents.stream().<Dimension>map(Dimension.Fixed::new).toList());
    if (graph.isEmpty() || Agreement.conflict(said, graph.get()).isPresent()) {
      draft.problems.add(where, graph.isEmpty() ? "is not in the graph (expected: one of " + Agreement.names(draft.inputs) + ")" : Agreement.conflict(said, graph.get()).orElse("") + " (expected: the same)");
      return Optional.empty();
    }
    double bytes = extents.stream().mapToDouble(extent -> extent).reduce(1, (left, right) -> left * right) * Math.max(LENGTH_BYTES, made.type().width());
    if (bytes > BYTES_MAX) {
      draft.problems.add(where, "has dims " + extents + " (expected: at most " + BYTES_MAX + " bytes)");
      return Optional.empty();
    }
    Shape shape = Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
    return elements(sample, made, shape, where).map(elements -> new Tensor(made.name(), made.type(), shape, elements));
  }

  private Optional<Elements> elements(Sample sample, Made made, Shape shape, String where) {
    int count = (int) shape.elementCount();
    return switch (made.content()) {
      case Content.Zeros _ -> Optional.of(zeros(made.type(), count));
      case Content.Chance _ -> Optional.of(chance(made.type(), count));
      case Content.OfFile(String name) -> read(name, where + ": input_data_file").flatMap(bytes -> repeated(made.type(), bytes, count, config.maxBatchSize() > 0 ? sample.batchSize() : 1, where));
    };
  }

  private static Elements zeros(DataType type, int count) {
    if (type == DataType.BYTES) {
      byte[][] texts = new byte[count][];
      Arrays.fill(texts, new byte[0]);
      return Elements.strings(texts);
    }
    return Elements.fixed(type, Elements.allocate(type, count));
  }

  private static Elements chance(DataType type, int count) {
    var random = new Random(SEED);
    return switch (type.kind()) {
      case TEXT -> zeros(type, count);
      case FLOATING -> Numbers.floating(type, random.doubles(count).toArray());
      case BOOLEAN, INTEGER -> Numbers.integral(type, LongStream.generate(() -> random.nextInt(2)).limit(count).toArray());
    };
  }

  private Optional<byte[]> read(String name, String where) {
    Optional<Path> file = InnerPath.find(modelFolder.resolve("warmup"), name);
    if (file.isEmpty()) {
      draft.outside(where, name, "a name inside the folder 'warmup' of the model");
      return Optional.empty();
    }
    try {
      if (Files.isRegularFile(file.get()) && Files.size(file.get()) <= BYTES_MAX) {
        return Optional.of(Files.readAllBytes(file.get()));
      }
      draft.problems.add(where, "is '" + name + "', which is not in " + modelFolder.resolve("warmup") + " (expected: a file of at most " + BYTES_MAX + " bytes)");
    } catch (IOException e) {
      draft.problems.add(where, "cannot be read: " + e);
    }
    return Optional.empty();
  }

  /// One batch entry's bytes as often as the batch is large.
  private Optional<Elements> repeated(DataType type, byte[] bytes, int count, int batch, String where) {
    Optional<Elements> all = type == DataType.BYTES ? texts(bytes, count, batch) : numbers(type, bytes, count, batch);
    if (all.isEmpty()) {
      draft.problems.add(where, "has a file of " + bytes.length + " bytes (expected: " + count / batch + " elements of " + type + ")");
    }
    return all;
  }

  private static Optional<Elements> numbers(DataType type, byte[] bytes, int count, int batch) {
    if ((long) bytes.length * batch != (long) count * type.width()) {
      return Optional.empty();
    }
    ByteBuffer all = Elements.allocate(type, count);
    for (int i = 0; i < batch; i++) {
      all.put(bytes);
    }
    return Optional.of(Elements.fixed(type, all.flip()));
  }

  /// Each text after its length in four bytes.
  private static Optional<Elements> texts(byte[] bytes, int count, int batch) {
    ByteBuffer left = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var entry = new ArrayList<byte[]>();
    while (left.remaining() >= LENGTH_BYTES) {
      int length = left.getInt();
      if (length < 0 || length > left.remaining()) {
        return Optional.empty();
      }
      byte[] text = new byte[length];
      left.get(text);
      entry.add(text);
    }
    if (left.hasRemaining() || entry.size() * batch != count) {
      return Optional.empty();
    }
    byte[][] all = new byte[count][];
    Arrays.setAll(all, i -> entry.get(i % entry.size()));
    return Optional.of(Elements.strings(all));
  }
}
