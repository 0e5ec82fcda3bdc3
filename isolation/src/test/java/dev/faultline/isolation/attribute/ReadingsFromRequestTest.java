package dev.faultline.isolation.attribute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.request.ModelRef;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadingsFromRequestTest {

  @Test
  void namedColumnsAreDimensionsWithAReadingForEachRow() {
    var spec = spec(DataType.FP32, new Dimension.Free(), new Dimension.Fixed(2)).withColumns(List.of("age", "income"));
    Map<String, List<Reading>> readings = read(spec, Tensor.floats("x", Shape.of(2, 2), 30, 0.1f, 40, Float.NaN));
    assertThat(readings).containsEntry("field:x.age", List.of(Reading.of(30.0), Reading.of(40.0)));
    assertThat(readings).containsEntry("field:x.income", List.of(Reading.of(0.1), Reading.of(Double.NaN)));
    assertThat(readings).containsEntry("shape:x", List.of(new Reading.Extents(List.of(2L, 2L))));
    assertThat(readings).containsEntry("batch_size", List.of(Reading.of(2L)));
  }

  @Test
  void columnsWithoutNamesAreNumberedWhereTheirNumberIsFixed() {
    var spec = spec(DataType.INT64, new Dimension.Free(), new Dimension.Fixed(2));
    assertThat(read(spec, Tensor.longs("x", Shape.of(1, 2), 7, 8))).containsEntry("field:x[1]", List.of(Reading.of(8L)));
  }

  @Test
  void theTokensOfASequenceAreOneDimension() {
    var spec = spec(DataType.INT64, new Dimension.Free(), new Dimension.Free());
    assertThat(read(spec, Tensor.longs("x", Shape.of(1, 3), 7, 8, 9))).containsEntry("field:x", List.of(Reading.of(7L), Reading.of(8L), Reading.of(9L)));
  }

  @Test
  void ofManyValuesTheExtremesAndTheOddOnesStandForAll() {
    float[] picture = new float[3 * 32 * 32];
    picture[5] = -4;
    picture[2_000] = Float.NaN;
    picture[3_000] = 9;
    var spec = spec(DataType.FP32, new Dimension.Free(), new Dimension.Fixed(3), new Dimension.Fixed(32), new Dimension.Fixed(32));
    assertThat(read(spec, Tensor.floats("x", Shape.of(1, 3, 32, 32), picture)).get("field:x"))
        .containsExactlyInAnyOrder(Reading.of(-4.0), Reading.of(9.0), Reading.of(Double.NaN));
  }

  @Test
  void whatDidNotFitIsReadAsWhatItWas() {
    var misfits = List.of(
        new Misfit(0, Misfit.Kind.NULL, "null"), new Misfit(1, Misfit.Kind.WRONG_TYPE, "\"12,5\""), new Misfit(2, Misfit.Kind.WRONG_TYPE, "true"),
        new Misfit(3, Misfit.Kind.OUT_OF_RANGE, "1e999"));
    var input = new InputTensor(Tensor.floats("x", Shape.of(4), 0, 0, 0, 0), Layout.FLAT, 0, misfits, 4, "");
    assertThat(ReadingsFromRequest.of(request(input), contract(spec(DataType.FP32, new Dimension.Free()))).get("field:x"))
        .containsExactly(Reading.NULL, Reading.of("12,5"), Reading.of(true), Reading.of(Double.POSITIVE_INFINITY));
  }

  @Test
  void emptyAndUnknownInputsAreRead() {
    var input = InputTensor.of(Tensor.strings("other", Shape.of(0), List.of()), Layout.FLAT, 0);
    assertThat(ReadingsFromRequest.of(request(input), contract(spec(DataType.FP32)))).containsEntry("field:other", List.of());
    assertThat(ReadingsFromRequest.of(request(), contract(spec(DataType.FP32)))).isEmpty();
  }

  private static Map<String, List<Reading>> read(TensorSpec spec, Tensor tensor) {
    return ReadingsFromRequest.of(request(InputTensor.of(tensor, Layout.FLAT, 0)), contract(spec));
  }

  private static TensorSpec spec(DataType type, Dimension... dimensions) {
    return TensorSpec.of("x", type, List.of(dimensions));
  }

  private static Contract contract(TensorSpec spec) {
    return new Contract(List.of(spec), List.of(), List.of(), List.of(), List.of());
  }

  private static InferenceRequest request(InputTensor... inputs) {
    return new InferenceRequest("", new ModelRef("m", ""), Map.of(), List.of(inputs), List.of(), Deadline.NEVER);
  }
}
