package dev.faultline.serving.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every step keeps: its specs foretell what it makes, it leaves what it reads as it was, and an empty batch is a batch.
class StepContractTest {
  private static final List<DataType> FLOATING = List.of(DataType.FP16, DataType.BF16, DataType.FP32, DataType.FP64);
  private static final List<DataType> INTEGERS =
      Arrays.stream(DataType.values()).filter(DataType::isInteger).toList();

  /// A step on inputs of these types and shapes, the first extent being the batch.
  record Case(String yaml, List<TensorSpec> inputs) {
    @Override
    public String toString() {
      return yaml + " on " + inputs.stream().map(spec -> spec.type() + " " + spec.wireShape()).toList();
    }
  }

  static Stream<Case> cases() {
    var cases = new ArrayList<Case>();
    for (DataType type : FLOATING) {
      for (long[] tail : List.of(new long[0], new long[] {1}, new long[] {3}, new long[] {2, 3})) {
        cases.add(one("{step: impute, input: x, value: 7}", type, tail));
        cases.add(one("{step: clip, input: x, range: [0, 2], output: y}", type, tail));
        cases.add(one("{step: log, input: x, offset: 1}", type, tail));
        cases.add(one("{step: scale, input: x, mean: 1, std: 2}", type, tail));
        cases.add(one("{step: softmax, input: x}", type, tail));
        cases.add(one("{step: rename, input: x, output: z}", type, tail));
        cases.add(one("{step: cast, input: x, to: FP64}", type, tail));
        cases.add(one("{step: cast, input: x, to: BYTES}", type, tail));
        cases.add(one("{step: cast, input: x, to: INT16, fraction: round}", type, tail));
      }
      cases.add(one("{step: argmax, input: x}", type, 2, 3));
      cases.add(one("{step: scale, input: x, mean: [1, 2, 3], std: [1, 2, 4]}", type, 3));
      cases.add(one("{step: impute, input: x, value: [1, 2, 3]}", type, 3));
      cases.add(one("{step: label, input: x, labels: [nein, ja], threshold: 0.5}", type, 1));
      cases.add(one("{step: reshape, input: x, shape: [-1, 2, 2]}", type, 4));
      cases.add(one("{step: reshape, input: x, shape: [0, 1, -1]}", type, 4));
      cases.add(new Case("{step: concat, inputs: [x, w], output: y}", List.of(spec("x", type, 2), spec("w", type))));
    }
    for (DataType type : INTEGERS) {
      cases.add(one("{step: log, input: x, offset: 1}", type, 2));
      cases.add(one("{step: scale, input: x, mean: 1}", type, 2));
      cases.add(one("{step: one-hot, input: x, values: [0, 1, 2]}", type));
      cases.add(one("{step: one-hot, input: x, values: [2, 1], unknown: zeros, output: y}", type, 1));
      cases.add(one("{step: lookup, input: x, table: {0: null-wert, 1: eins, 2: zwei}}", type, 2));
      cases.add(one("{step: lookup, input: x, table: {0: 1.5}, default: 2}", type, 2));
      cases.add(one("{step: label, input: x, labels: [a, b, c]}", type));
      cases.add(one("{step: argmax, input: x}", type, 3));
      for (DataType to : DataType.values()) {
        // BOOL does not hold the 2 among the values
        cases.add(one("{step: cast, input: x, to: " + to + "}", to == DataType.BOOL ? DataType.BOOL : type, 1));
      }
      if (type != DataType.UINT64) {
        cases.add(one("{step: clip, input: x, minimum: 1}", type, 2));
      }
      cases.add(new Case("{step: concat, inputs: [x, w], output: y, keep: true}", List.of(spec("x", type, 2), spec("w", type, 1))));
    }
    cases.add(one("{step: impute, input: x, value: unbekannt}", DataType.BYTES, 2));
    cases.add(one("{step: one-hot, input: x, values: [grün, '日本', ''], unknown: zeros}", DataType.BYTES));
    cases.add(one("{step: lookup, input: x, table: {'日本': 1}, default: 0}", DataType.BYTES, 2));
    cases.add(one("{step: reshape, input: x, shape: [-1]}", DataType.BYTES, 2));
    cases.add(one("{step: one-hot, input: x, values: [true, false]}", DataType.BOOL));
    cases.add(new Case("{step: drop, input: [x]}", List.of(spec("x", DataType.BYTES, 2), spec("w", DataType.FP32))));
    cases.add(new Case("{step: wind-chill, temperature: x, wind: w, output: y}", List.of(spec("x", DataType.FP32), spec("w", DataType.FP32))));
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void specsForetellWhatTheStepMakes(Case each) {
    Step step = StepBench.step(each.yaml());
    List<TensorSpec> specs = step.specs(each.inputs());
    List<Tensor> after = step.apply(tensors(each, 4));
    assertThat(after.stream().map(Tensor::name)).containsExactlyElementsOf(specs.stream().map(TensorSpec::name).toList());
    for (int i = 0; i < specs.size(); i++) {
      assertAgree(specs.get(i), after.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anEmptyBatchIsABatch(Case each) {
    Step step = StepBench.step(each.yaml());
    List<Tensor> after = step.apply(tensors(each, 0));
    List<TensorSpec> specs = step.specs(each.inputs());
    for (int i = 0; i < specs.size(); i++) {
      assertAgree(specs.get(i), after.get(i));
      assertThat(after.get(i).count()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatItReadsStaysAsItWas(Case each) {
    List<Tensor> before = tensors(each, 4);
    List<String> texts = texts(before);
    StepBench.step(each.yaml()).apply(before);
    assertThat(texts(before)).isEqualTo(texts);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aTensorThatIsNotThereIsNamedAtLoad(Case each) {
    Step step = StepBench.step(each.yaml());
    List<TensorSpec> others = List.of(spec("other", DataType.FP32));
    assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> step.specs(others)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reads tensor 'x', which is not there (expected: other)");
  }

  private static void assertAgree(TensorSpec spec, Tensor tensor) {
    assertThat(tensor.type()).isEqualTo(spec.type());
    assertThat(tensor.shape().rank()).isEqualTo(spec.dimensions().size());
    for (int axis = 0; axis < spec.dimensions().size(); axis++) {
      if (spec.dimensions().get(axis) instanceof Dimension.Fixed(long extent)) {
        assertThat(tensor.shape().extent(axis)).isEqualTo(extent);
      }
    }
    assertThat(spec.columns().size()).isIn(0, (int) tensor.shape().lastExtent());
  }

  private static Case one(String yaml, DataType type, long... tail) {
    return new Case(yaml, List.of(spec("x", type, tail)));
  }

  private static TensorSpec spec(String name, DataType type, long... tail) {
    Stream<Dimension> rest = Arrays.stream(tail).mapToObj(Dimension.Fixed::new);
    return TensorSpec.of(name, type, Stream.concat(Stream.of(new Dimension.Symbolic("N")), rest).toList());
  }

  private static List<Tensor> tensors(Case each, long batch) {
    return each.inputs().stream().map(spec -> tensor(spec, batch)).toList();
  }

  /// Values 0, 1, 2, 0, ... which every type holds; texts with letters of several scripts.
  private static Tensor tensor(TensorSpec spec, long batch) {
    long[] extents = spec.dimensions().stream().mapToLong(each -> each.wireExtent() == -1 ? batch : each.wireExtent()).toArray();
    Shape shape = Shape.of(extents);
    int count = (int) shape.elementCount();
    if (spec.type() == DataType.BYTES) {
      return Tensor.strings(spec.name(), shape, IntStream.range(0, count).mapToObj(i -> List.of("", "grün", "日本", "😀").get(i % 4)).toList());
    }
    Elements elements =
        spec.type().isFloating()
            ? Numbers.floating(spec.type(), IntStream.range(0, count).mapToDouble(i -> i % 3).toArray())
            : Numbers.integral(spec.type(), IntStream.range(0, count).mapToLong(i -> i % (spec.type() == DataType.BOOL ? 2 : 3)).toArray());
    return new Tensor(spec.name(), spec.type(), shape, elements);
  }

  private static List<String> texts(List<Tensor> tensors) {
    return tensors.stream().flatMap(tensor -> IntStream.range(0, tensor.count()).mapToObj(tensor::textAt)).toList();
  }
}
