package dev.faultline.serving.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTest {
  private static final float NAN = Float.NaN;

  @Test
  void imputeReplacesNanAndLeavesInfinityAlone() {
    Tensor x = Tensor.floats("x", Shape.of(2, 2), NAN, 1, Float.POSITIVE_INFINITY, NAN);
    assertThat(texts(StepBench.run("{step: impute, input: x, value: [10, 20]}", x))).containsExactly("10.0", "1.0", "Infinity", "20.0");
  }

  @Test
  void imputeReplacesTheEmptyText() {
    Tensor x = Tensor.strings("x", Shape.of(2), List.of("", "gull"));
    assertThat(texts(StepBench.run("{step: impute, input: x, value: unknown}", x))).containsExactly("unknown", "gull");
  }

  @Test
  void clipKeepsNanAndWholeNumbersExact() {
    assertThat(texts(StepBench.run("{step: clip, input: x, range: [0, 1]}", Tensor.floats("x", Shape.of(3), -1, NAN, 2))))
        .containsExactly("0.0", "NaN", "1.0");
    long large = (1L << 53) + 1;
    assertThat(texts(StepBench.run("{step: clip, input: x, minimum: 0.5}", Tensor.longs("x", Shape.of(2), large, 0))))
        .containsExactly(Long.toString(large), "1");
  }

  @Test
  void logOfANegativeIsNanAndLogOfOneMoreIsExactNearZero() {
    assertThat(texts(StepBench.run("{step: log, input: x}", Tensor.doubles("x", Shape.of(3), -1, 0, 1)))).containsExactly("NaN", "-Infinity", "0.0");
    assertThat(StepBench.run("{step: log, input: x, offset: 1}", Tensor.doubles("x", Shape.of(1), 1e-20)).doubleAt(0)).isEqualTo(1e-20);
  }

  @Test
  void scaleTakesANumberForEachColumn() {
    Tensor x = Tensor.floats("x", Shape.of(2, 2), 3, 10, 5, 30);
    assertThat(texts(StepBench.run("{step: scale, input: x, mean: [1, 10], std: [2, 10]}", x))).containsExactly("1.0", "0.0", "2.0", "2.0");
  }

  @Test
  void oneHotPutsAOneIntoTheColumnOfTheValue() {
    Tensor x = Tensor.strings("x", Shape.of(2, 1), List.of("b", "?"));
    Tensor hot = StepBench.run("{step: one-hot, input: x, values: [a, b], unknown: zeros, output: y}", x);
    assertThat(hot.toString()).isEqualTo("y FP32[2,2]");
    assertThat(texts(hot)).containsExactly("0.0", "1.0", "0.0", "0.0");
  }

  @Test
  void anUnknownValueNamesElementAndKnownValues() {
    Tensor x = Tensor.strings("x", Shape.of(2), List.of("a", "Möwe"));
    var failure = catchThrowableOfType(StepException.class, () -> StepBench.run("{step: one-hot, input: x, values: [a, b]}", x));
    assertThat(failure).hasMessage("tensor 'x' element [1] is 'Möwe' (expected: one of a, b)");
    assertThat(failure.tensor()).isEqualTo("x");
    assertThat(failure.flat()).isEqualTo(1);
  }

  @Test
  void lookupFindsTextsAndIntegersAndFallsBackToTheDefault() {
    Tensor codes = Tensor.longs("x", Shape.of(3), 7, -2, 9);
    assertThat(texts(StepBench.run("{step: lookup, input: x, table: {7: gull, -2: owl}, default: other}", codes))).containsExactly("gull", "owl", "other");
    Tensor names = Tensor.strings("x", Shape.of(1), List.of("owl"));
    assertThat(StepBench.run("{step: lookup, input: x, table: {owl: 3}}", names).type()).isEqualTo(DataType.INT64);
    assertThatThrownBy(() -> StepBench.run("{step: lookup, input: x, table: {7: 1.5}}", codes))
        .hasMessage("tensor 'x' element [1] is -2 (expected: one of the table's keys 7; or give the step a default)");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "INT64, NaN, a value that INT64 holds",
        "INT64, 9.3e18, a value that INT64 holds",
        "INT64, 1.5, a whole number for INT64; or say fraction: truncate or round",
        "UINT8, 256, a value that UINT8 holds: 0 to 255",
        "UINT8, -1, a value that UINT8 holds: 0 to 255",
        "UINT64, 1.9e19, a value that UINT64 holds: 0 to 18446744073709551615",
        "BOOL, 2, \"a value that BOOL holds: 0, 1, true or false\"",
        "FP32, 1e300, a number that FP32 holds",
        "FP16, 70000, a number that FP16 holds",
      })
  void castRefusesWhatTheTypeDoesNotHold(String type, double value, String expected) {
    Tensor x = Tensor.doubles("x", Shape.of(2), 1, value);
    assertThatThrownBy(() -> StepBench.run("{step: cast, input: x, to: " + type + "}", x))
        .isInstanceOf(StepException.class)
        .hasMessageStartingWith("tensor 'x' element [1] is ")
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource({"INT8, -128", "INT64, -9223372036854775808", "UINT64, 18446744073709551615", "UINT32, 4294967295", "BOOL, true"})
  void castReadsTheEndsOfEachTypeFromText(String type, String text) {
    Tensor x = Tensor.strings("x", Shape.of(1), List.of(text));
    assertThat(texts(StepBench.run("{step: cast, input: x, to: " + type + "}", x))).containsExactly(text);
  }

  @ParameterizedTest
  @CsvSource({"FP32, 1f", "FP32, 0x1p3", "FP32, ' 1'", "FP32, 1e999", "INT8, 128", "UINT64, -1", "INT64, ''", "BOOL, yes"})
  void castRefusesTextThatIsNoNumberOfTheType(String type, String text) {
    Tensor x = Tensor.strings("x", Shape.of(1), List.of(text));
    assertThatThrownBy(() -> StepBench.run("{step: cast, input: x, to: " + type + "}", x)).hasMessageContaining("is '" + text + "' (expected: a ");
  }

  @Test
  void castMakesNanOfTheEmptyTextAndRoundsOnRequest() {
    assertThat(texts(StepBench.run("{step: cast, input: x, to: FP32}", Tensor.strings("x", Shape.of(2), List.of("", "2.5"))))).containsExactly("NaN", "2.5");
    Tensor halves = Tensor.doubles("x", Shape.of(3), -1.5, 2.5, 9.2e18);
    assertThat(texts(StepBench.run("{step: cast, input: x, to: INT64, fraction: round}", halves))).containsExactly("-2", "2", "9200000000000000000");
    assertThat(texts(StepBench.run("{step: cast, input: x, to: INT64, fraction: truncate}", halves))).startsWith("-1", "2");
  }

  @Test
  void concatPutsColumnsSideBySideAndNamesThem() {
    Step step = StepBench.step("{step: concat, inputs: [a, b], output: y}");
    List<TensorSpec> specs =
        List.of(
            TensorSpec.of("a", DataType.FP32, List.of(new Dimension.Free(), new Dimension.Fixed(2))).withColumns(List.of("p", "q")),
            TensorSpec.of("b", DataType.FP32, List.of(new Dimension.Free())));
    assertThat(step.specs(specs).getFirst().columns()).containsExactly("p", "q", "b");
    List<Tensor> after = step.apply(List.of(Tensor.floats("a", Shape.of(2, 2), 1, 2, 3, 4), Tensor.floats("b", Shape.of(2), 5, 6)));
    assertThat(after).hasSize(1);
    assertThat(texts(after.getFirst())).containsExactly("1.0", "2.0", "5.0", "3.0", "4.0", "6.0");
  }

  @Test
  void concatOfDifferentRowCountsSaysBoth() {
    Tensor a = Tensor.floats("a", Shape.of(2, 1), 1, 2);
    Tensor b = Tensor.floats("b", Shape.of(3), 1, 2, 3);
    assertThatThrownBy(() -> StepBench.run("{step: concat, inputs: [a, b], output: y}", a, b))
        .hasMessage("tensor 'b' is FP32 [3] (expected: 2 rows of FP32, as 'a' has)");
  }

  @Test
  void reshapeKeepsTheBatchSymbolWhereTheRestCancelsOut() {
    Step step = StepBench.step("{step: reshape, input: x, shape: [-1, 2, 2]}");
    TensorSpec x = TensorSpec.of("x", DataType.FP32, List.of(new Dimension.Symbolic("N"), new Dimension.Fixed(4)));
    assertThat(step.specs(List.of(x)).getFirst().dimensions()).hasToString("[N, 2, 2]");
    TensorSpec fixed = TensorSpec.of("x", DataType.FP32, List.of(new Dimension.Fixed(3)));
    assertThatThrownBy(() -> step.specs(List.of(fixed))).hasMessage("reads tensor 'x' of FP32 [3] (expected: as many elements as [-1,2,2] has)");
    assertThatThrownBy(() -> step.apply(List.of(Tensor.floats("x", Shape.of(3), 1, 2, 3)))).isInstanceOf(StepException.class);
  }

  @Test
  void softmaxOfLargeValuesAddsUpToOne() {
    Tensor made = StepBench.run("{step: softmax, input: x}", Tensor.floats("x", Shape.of(2, 2), 1000, 1000, NAN, 1));
    assertThat(texts(made)).containsExactly("0.5", "0.5", "NaN", "NaN");
  }

  @Test
  void nanNeverBecomesAConfidentAnswer() {
    Tensor x = Tensor.floats("x", Shape.of(2, 2), 1, 2, NAN, 1);
    assertThatThrownBy(() -> StepBench.run("{step: argmax, input: x}", x)).hasMessage("tensor 'x' element [1,0] is NaN (expected: numbers, one of which is the greatest)");
    assertThatThrownBy(() -> StepBench.run("{step: label, input: x, labels: [no, yes], threshold: 0.5}", x)).hasMessageContaining("element [1,0] is NaN");
  }

  @Test
  void labelTurnsIndicesAndProbabilitiesIntoTexts() {
    assertThat(texts(StepBench.run("{step: label, input: x, labels: [no, yes]}", Tensor.longs("x", Shape.of(2), 1, 0)))).containsExactly("yes", "no");
    assertThat(texts(StepBench.run("{step: label, input: x, labels: [no, yes], threshold: 0.5}", Tensor.floats("x", Shape.of(2), 0.5f, 0.4f)))).containsExactly("yes", "no");
    assertThatThrownBy(() -> StepBench.run("{step: label, input: x, labels: [no, yes]}", Tensor.longs("x", Shape.of(1), 2)))
        .hasMessage("tensor 'x' element [0] is 2 (expected: an index from 0 to 1, there are 2 labels)");
  }

  @Test
  void aStepOfTheServiceLoaderIsUsedLikeABuiltInOne() {
    Tensor felt = StepBench.run("{step: wind-chill, temperature: t, wind: w, output: y}", Tensor.floats("t", Shape.of(1), -10), Tensor.floats("w", Shape.of(1), 30));
    assertThat(felt.doubleAt(0)).isBetween(-20.0, -19.0);
    assertThat(StepBench.problems("[{step: wind-chill, temperature: 3}]"))
        .containsExactly("contract.yaml: preprocess[0]: option temperature is 3 (expected: the name of a tensor)");
  }

  @Test
  void aProviderMayNotTakeABuiltInKind() {
    StepProvider greedy =
        new StepProvider() {
          @Override
          public String kind() {
            return "clip";
          }

          @Override
          public Step create(String name, java.util.Map<String, Object> options) {
            throw new AssertionError();
          }
        };
    assertThatThrownBy(() -> new StepReader(List.of(greedy))).hasMessageContaining("has the kind 'clip', which is taken");
  }

  @Test
  void allProblemsOfAllStepsAreReportedWithPathAndGuess() {
    assertThat(StepBench.problems("[{step: clipp, input: x}, {step: clip, inptu: x, min: 3, maximum: a}, {step: scale, input: x, std: 0}, {step: one-hot, input: x, values: [a, a]}, 3, {step: rename, input: x}]"))
        .containsExactly(
            "contract.yaml: preprocess[0].step: is 'clipp' (did you mean 'clip'?) (expected: argmax, cast, clip, concat, drop, impute, label, log, lookup, one-hot, rename, reshape, scale, softmax, wind-chill)",
            "contract.yaml: preprocess[1].input: is missing (expected: a text)",
            "contract.yaml: preprocess[1].maximum: is 'a' (expected: a number)",
            "contract.yaml: preprocess[1]: clips nothing (expected: minimum, maximum or range)",
            "contract.yaml: preprocess[1].inptu: is not a key that is read here (did you mean 'input'?) (expected: step, name, input, output, range, minimum, maximum)",
            "contract.yaml: preprocess[1].min: is not a key that is read here (did you mean 'minimum'?) (expected: step, name, input, output, range, minimum, maximum)",
            "contract.yaml: preprocess[2].std: is 0 (expected: a finite number other than 0)",
            "contract.yaml: preprocess[3].values[1]: repeats 'a' (expected: each value once)",
            "contract.yaml: preprocess[4]: is 3 (expected: a mapping)",
            "contract.yaml: preprocess[4]: is 3 (expected: a mapping with the key step)",
            "contract.yaml: preprocess[5].output: renames nothing (expected: the new name)");
  }

  private static List<String> texts(Tensor tensor) {
    return IntStream.range(0, tensor.count()).mapToObj(tensor::textAt).toList();
  }
}
