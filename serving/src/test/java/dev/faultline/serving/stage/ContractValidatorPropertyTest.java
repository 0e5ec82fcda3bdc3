package dev.faultline.serving.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random contracts with requests that fit them: a fitting request is never refused, and one change breaks one thing, in one place.
class ContractValidatorPropertyTest {
  private static final List<DataType> TYPES = List.of(DataType.FP32, DataType.FP64, DataType.FP16, DataType.INT64, DataType.INT32, DataType.UINT8, DataType.BYTES);

  /// What one column of a generated contract says.
  private enum Said {
    NOTHING,
    FINITE,
    RANGE,
    VALUES,
    NULLABLE_RANGE
  }

  /// A change to a fitting request, with the only breach that it may cause.
  private record Mutation(InferenceRequest request, String code, String path) {}

  private record Case(Contract contract, List<InputTensor> inputs, List<List<Said>> said) {
    InferenceRequest request() {
      return Given.request(inputs.toArray(InputTensor[]::new));
    }

    InferenceRequest with(int input, InputTensor changed) {
      var copy = new ArrayList<>(inputs);
      copy.set(input, changed);
      return Given.request(copy.toArray(InputTensor[]::new));
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 300);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void aFittingRequestIsAcceptedAndOneChangeBreaksOneThing(long seed) {
    var random = new SplittableRandom(seed);
    Case fitting = generated(random);
    var validator = new ContractValidator(fitting.contract, _ -> false);
    assertThat(Given.breaches(validator, fitting.request())).as("seed %d", seed).isEmpty();
    for (Mutation mutation : mutations(fitting, random)) {
      assertThat(Given.breaches(validator, mutation.request))
          .as("seed %d, %s", seed, mutation.code)
          .extracting(breach -> breach.code().label() + " " + breach.field().path())
          .containsExactly(mutation.code + " " + mutation.path);
    }
  }

  private static Case generated(SplittableRandom random) {
    int rows = random.nextInt(1, 5);
    var specs = new ArrayList<TensorSpec>();
    var rules = new ArrayList<Rule>();
    var inputs = new ArrayList<InputTensor>();
    var said = new ArrayList<List<Said>>();
    for (int i = 0; i < random.nextInt(3, 6); i++) {
      DataType type = TYPES.get(random.nextInt(TYPES.size()));
      int width = random.nextInt(1, 4);
      List<String> columns = IntStream.range(0, width).mapToObj(column -> "c" + column).toList();
      List<Said> each = columns.stream().map(_ -> said(type, random)).toList();
      TensorSpec spec = Given.spec("in" + i, type, "n", width).withColumns(columns);
      for (int column = 0; column < width; column++) {
        addRules(new FieldRef(spec.name(), columns.get(column)), type, each.get(column), rules);
      }
      specs.add(spec);
      said.add(each);
      inputs.add(InputTensor.of(tensor(spec.name(), type, rows, each, random), Layout.NESTED, i));
    }
    return new Case(new Contract(specs, List.of(), rules, List.<Expectation>of(), List.of("graph")), inputs, said);
  }

  private static Said said(DataType type, SplittableRandom random) {
    Said said = Said.values()[random.nextInt(Said.values().length)];
    return !type.isFloating() && (said == Said.FINITE || said == Said.NULLABLE_RANGE) ? Said.NOTHING : said;
  }

  private static void addRules(FieldRef field, DataType type, Said said, List<Rule> rules) {
    boolean text = type == DataType.BYTES;
    switch (said) {
      case NOTHING -> {}
      case FINITE -> rules.add(new Rule.Finite(field));
      case RANGE -> rules.add(text ? new Rule.Pattern(field, Pattern.compile("[1-3]+")) : new Rule.Range(field, 1, 3));
      case VALUES -> rules.add(new Rule.AllowedValues(field, Set.of("1", "2", "3")));
      case NULLABLE_RANGE -> rules.addAll(List.of(new Rule.Nullable(field), new Rule.Range(field, 1, 3)));
    }
  }

  private static Tensor tensor(String name, DataType type, int rows, List<Said> said, SplittableRandom random) {
    var values = new double[rows * said.size()];
    for (int flat = 0; flat < values.length; flat++) {
      boolean missing = said.get(flat % said.size()) == Said.NULLABLE_RANGE && random.nextInt(3) == 0;
      values[flat] = missing ? Double.NaN : random.nextInt(1, 4);
    }
    return tensor(name, type, Shape.of(rows, said.size()), values);
  }

  private static Tensor tensor(String name, DataType type, Shape shape, double... values) {
    if (type == DataType.BYTES) {
      byte[][] texts = Arrays.stream(values).mapToObj(value -> Integer.toString((int) value).getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
      return new Tensor(name, type, shape, Elements.strings(texts));
    }
    ByteBuffer bytes = Elements.allocate(type, values.length);
    for (int i = 0; i < values.length; i++) {
      put(bytes, type, i, values[i]);
    }
    return new Tensor(name, type, shape, Elements.fixed(type, bytes));
  }

  private static void put(ByteBuffer bytes, DataType type, int i, double value) {
    switch (type) {
      case FP32 -> bytes.putFloat(i * 4, (float) value);
      case FP64 -> bytes.putDouble(i * 8, value);
      case FP16 -> bytes.putShort(i * 2, Float.floatToFloat16((float) value));
      case INT64 -> bytes.putLong(i * 8, (long) value);
      case INT32 -> bytes.putInt(i * 4, (int) value);
      case UINT8 -> bytes.put(i, (byte) value);
      case BOOL, BF16, UINT16, UINT32, UINT64, INT8, INT16, BYTES -> throw new IllegalArgumentException(type.name());
    }
  }

  private static List<Mutation> mutations(Case fitting, SplittableRandom random) {
    int at = random.nextInt(fitting.inputs.size());
    InputTensor input = fitting.inputs.get(at);
    Tensor tensor = input.tensor();
    String path = "inputs/" + input.name();
    var mutations = new ArrayList<Mutation>();
    var without = new ArrayList<>(fitting.inputs);
    without.remove(at);
    mutations.add(new Mutation(Given.request(without.toArray(InputTensor[]::new)), "validate.missing_input", path));
    var surplus = new ArrayList<>(fitting.inputs);
    surplus.add(InputTensor.of(tensor.renamed("other"), Layout.NESTED, at));
    mutations.add(new Mutation(Given.request(surplus.toArray(InputTensor[]::new)), "validate.unknown_input", "inputs/other"));
    mutations.add(new Mutation(Given.request(List.of("nothing"), fitting.inputs.toArray(InputTensor[]::new)), "validate.unknown_output", "outputs/nothing"));
    DataType other = tensor.type() == DataType.INT32 ? DataType.FP32 : DataType.INT32;
    double[] zeros = new double[tensor.count()];
    mutations.add(new Mutation(fitting.with(at, changed(tensor(input.name(), other, tensor.shape(), zeros), at)), "validate.data_type", path));
    mutations.add(new Mutation(fitting.with(at, changed(tensor.reshaped(Shape.of(tensor.count())), at)), "validate.rank", path));
    double[] more = new double[tensor.count() + (int) tensor.shape().lastExtent()];
    Arrays.fill(more, 2);
    Shape taller = Shape.of(tensor.shape().extent(0) + 1, tensor.shape().extent(1));
    mutations.add(new Mutation(fitting.with(at, changed(tensor(input.name(), tensor.type(), taller, more), at)), "validate.dimension", path));
    var empty = tensor(input.name(), tensor.type(), Shape.of(0));
    mutations.add(new Mutation(fitting.with(at, new InputTensor(empty, Layout.NESTED, at, List.of(), 0, "too short")), "validate.size_mismatch", path));
    int flat = random.nextInt(tensor.count());
    int width = (int) tensor.shape().lastExtent();
    Said said = fitting.said.get(at).get(flat % width);
    String element = path + "[" + flat / width + "].c" + flat % width;
    mutations.add(new Mutation(fitting.with(at, misfit(tensor, at, flat, Misfit.Kind.WRONG_TYPE)), "validate.data_type", element));
    mutations.add(new Mutation(fitting.with(at, misfit(tensor, at, flat, Misfit.Kind.OUT_OF_RANGE)), "validate.range", element));
    if (said != Said.NULLABLE_RANGE) {
      mutations.add(new Mutation(fitting.with(at, misfit(tensor, at, flat, Misfit.Kind.NULL)), "validate.null", element));
    }
    outside(said, tensor.type()).ifPresent(code -> mutations.add(new Mutation(fitting.with(at, changed(replaced(tensor, flat, 9), at)), code, element)));
    if (tensor.type().isFloating() && (said == Said.FINITE || said == Said.RANGE)) {
      mutations.add(new Mutation(fitting.with(at, changed(replaced(tensor, flat, Double.NaN), at)), "validate.nonfinite", element));
    }
    return mutations;
  }

  private static Optional<String> outside(Said said, DataType type) {
    return switch (said) {
      case NOTHING, FINITE -> Optional.empty();
      case RANGE, NULLABLE_RANGE -> Optional.of(type == DataType.BYTES ? "validate.pattern" : "validate.range");
      case VALUES -> Optional.of("validate.values");
    };
  }

  private static InputTensor changed(Tensor tensor, int position) {
    return InputTensor.of(tensor, Layout.NESTED, position);
  }

  private static InputTensor misfit(Tensor tensor, int position, int flat, Misfit.Kind kind) {
    double placeholder = tensor.type().isFloating() ? Double.NaN : 0;
    return new InputTensor(replaced(tensor, flat, placeholder), Layout.NESTED, position, List.of(new Misfit(flat, kind, "?")), 1, "");
  }

  private static Tensor replaced(Tensor tensor, int flat, double value) {
    double[] values = IntStream.range(0, tensor.count()).mapToDouble(i -> tensor.type() == DataType.BYTES ? Integer.parseInt(tensor.textAt(i)) : tensor.doubleAt(i)).toArray();
    values[flat] = value;
    return tensor(tensor.name(), tensor.type(), tensor.shape(), values);
  }
}
