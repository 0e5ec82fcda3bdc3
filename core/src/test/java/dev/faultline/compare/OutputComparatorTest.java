package dev.faultline.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputComparatorTest {
  private final OutputComparator comparator = new OutputComparator(Tolerance.ROUNDING);

  @Test
  void equalAnswersAreTheSame() {
    Comparison comparison = comparator.compare(List.of(scores(1, 2, 3), labels("a")), List.of(labels("a"), scores(1, 2, 3)));
    assertThat(comparison.isSame()).isTrue();
    assertThat(comparison.elements()).isEqualTo(4);
  }

  @Test
  void nothingIsTheSameAsNothing() {
    assertThat(comparator.compare(List.of(), List.of()).isSame()).isTrue();
    assertThat(comparator.compare(scores(), scores()).isSame()).isTrue();
  }

  @Test
  void nanEqualsNanAndZerosOfEitherSignAreEqual() {
    assertThat(comparator.compare(scores(Float.NaN, 0f, Float.POSITIVE_INFINITY), scores(Float.NaN, -0f, Float.POSITIVE_INFINITY)).isSame()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"NaN, 1", "1, NaN", "Infinity, 1", "Infinity, -Infinity", "3.4e38, Infinity"})
  void whatIsNotFiniteIsNearToNothingElse(float expected, float actual) {
    var lenient = new OutputComparator(new Tolerance(1e30, 1, 1e30));
    Difference difference = lenient.compare(scores(expected), scores(actual)).differences().getFirst();
    assertThat(difference).isInstanceOfSatisfying(Difference.OtherNumbers.class, numbers -> assertThat(numbers.absolute()).isInfinite());
  }

  @Test
  void fourUnitsInTheLastPlaceAreRounding() {
    float near = 1f + 4 * Math.ulp(1f);
    assertThat(comparator.compare(scores(1f), scores(near)).isSame()).isTrue();
    assertThat(comparator.compare(scores(1f), scores(near + Math.ulp(1f))).isSame()).isFalse();
    assertThat(comparator.compare(Tensor.doubles("y", Shape.of(1), 1), Tensor.doubles("y", Shape.of(1), 1 + 1e-12)).isSame()).isFalse();
  }

  @Test
  void theWidthOfHalfFloatsIsTheirOwn() {
    assertThat(comparator.compare(half(1f), half(1.0039f)).isSame()).isTrue();
    assertThat(comparator.compare(half(1f), half(1.0079f)).isSame()).isFalse();
  }

  @Test
  void theLargestToleranceCounts() {
    assertThat(Tolerance.of(0.5, 0).accepts(1, 1.5, DataType.FP32)).isTrue();
    assertThat(Tolerance.of(0, 0.1).accepts(100, 110, DataType.FP32)).isTrue();
    assertThat(Tolerance.of(0, 0.1).accepts(100, 111, DataType.FP32)).isFalse();
    assertThat(Tolerance.ROUNDING.withNoiseFloor(0.01).accepts(1, 1.0999, DataType.FP64)).isTrue();
    assertThat(Tolerance.ROUNDING.withNoiseFloor(0.01).accepts(1, 1.101, DataType.FP64)).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> Tolerance.of(Double.NaN, 0)).withMessageContaining("expected: 0 or more");
  }

  @Test
  void eachOutputHasItsTolerance() {
    var mixed = new OutputComparator(Map.of("score", Tolerance.of(1, 0)), Tolerance.ROUNDING);
    assertThat(mixed.compare(scores(1), scores(1.5f)).isSame()).isTrue();
    assertThat(mixed.compare(scores(1).renamed("other"), scores(1.5f).renamed("other")).isSame()).isFalse();
  }

  @Test
  void theWorstElementIsNamedAndAllAreCounted() {
    Comparison comparison = comparator.compare(matrix(1, 2, 3, 4, 5, 6), matrix(1, 2.5f, 3, 4, 9, 6));
    var numbers = (Difference.OtherNumbers) comparison.differences().getFirst();
    assertThat(numbers.index()).containsExactly(1L, 1L);
    assertThat(numbers.count()).isEqualTo(2);
    assertThat(numbers.absolute()).isEqualTo(4);
    assertThat(numbers.relative()).isEqualTo(0.8);
    assertThat(numbers.summary()).isEqualTo("output 'score' [1, 1] is 9.0 (expected: 5.0), and 2 of 6 elements differ");
    assertThat(comparison.absoluteMax()).isEqualTo(4);
  }

  @Test
  void labelsAreEqualOrNot() {
    var difference = (Difference.OtherLabels) comparator.compare(labels("a", "b"), labels("a", "c")).differences().getFirst();
    assertThat(difference.summary()).isEqualTo("output 'label' [1] is c (expected: b), and 1 of 2 elements differ");
    assertThat(comparator.compare(Tensor.longs("y", Shape.of(1), 9007199254740993L), Tensor.longs("y", Shape.of(1), 9007199254740992L)).isSame()).isFalse();
  }

  @Test
  void anotherWinnerIsADifferenceOfItsOwn() {
    Comparison comparison = comparator.compare(matrix(0.5f, 0.3f, 0.2f, 0.1f, 0.2f, 0.7f), matrix(0.3f, 0.5f, 0.2f, 0.1f, 0.2f, 0.7f));
    assertThat(comparison.differences()).hasSize(2);
    assertThat(comparison.differences().getLast()).isInstanceOfSatisfying(Difference.OtherRanks.class, ranks -> {
      assertThat(ranks.row()).isZero();
      assertThat(ranks.expected()).containsExactly(0, 1, 2);
      assertThat(ranks.actual()).containsExactly(1, 0, 2);
      assertThat(ranks.count()).isEqualTo(1);
      assertThat(ranks.kendall()).isBetween(0.3, 0.4);
    });
  }

  @Test
  void scoresThatAreTheSameWithinToleranceHaveNoOrder() {
    var lenient = new OutputComparator(Tolerance.of(0.01, 0));
    Comparison comparison = lenient.compare(matrix(0.500f, 0.499f, 0.1f, 0, 0, 0), matrix(0.499f, 0.500f, 0.3f, 0, 0, 0));
    assertThat(comparison.differences()).singleElement().isInstanceOf(Difference.OtherNumbers.class);
  }

  @Test
  void missingAndExtraOutputsAreNamed() {
    assertThat(comparator.compare(List.of(scores(1)), List.of(labels("a"))).differences())
        .containsExactly(new Difference.Missing("score"), new Difference.Extra("label"));
  }

  @Test
  void typeAndShapeComeBeforeElements() {
    assertThat(comparator.compare(Tensor.longs("y", Shape.of(1), 1), Tensor.ints("y", Shape.of(1), 1)).differences())
        .containsExactly(new Difference.OtherType("y", DataType.INT64, DataType.INT32));
    assertThat(comparator.compare(matrix(1, 2, 3, 4, 5, 6), scores(1, 2, 3, 4, 5, 6)).differences())
        .containsExactly(new Difference.OtherShape("score", Shape.of(2, 3), Shape.of(6)));
  }

  private static Tensor scores(float... values) {
    return Tensor.floats("score", Shape.of(values.length), values);
  }

  private static Tensor matrix(float... values) {
    return Tensor.floats("score", Shape.of(2, values.length / 2), values);
  }

  private static Tensor labels(String... values) {
    return Tensor.strings("label", Shape.of(values.length), List.of(values));
  }

  private static Tensor half(float value) {
    var bytes = Elements.allocate(DataType.FP16, 1);
    bytes.putShort(Float.floatToFloat16(value)).flip();
    return new Tensor("y", DataType.FP16, Shape.of(1), Elements.fixed(DataType.FP16, bytes));
  }
}
