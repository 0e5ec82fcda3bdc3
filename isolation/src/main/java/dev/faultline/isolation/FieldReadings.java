package dev.faultline.isolation;

import dev.faultline.fault.Field;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What requests have where a field is: in each row the same place, or, in an input of which requests are of different lengths, any place.
record FieldReadings(Field field, boolean anywhere) {
  /// Elements read of one input.
  private static final int ELEMENTS_MAX = 4_096;

  /// For a field of an input whose last extents the requests of a case tell.
  static FieldReadings of(Field field, Case about) {
    List<Shape> shapes = Stream.of(List.of(about.failing()), about.siblings(), about.passing()).flatMap(List::stream)
        .map(Specimen::request).flatMap(java.util.Optional::stream)
        .flatMap(request -> request.findInput(field.tensor()).stream())
        .map(input -> input.tensor().shape())
        .toList();
    boolean ofOneLength = shapes.stream().map(FieldReadings::beyondRows).distinct().count() <= 1;
    return new FieldReadings(field, field.column().isEmpty() && !ofOneLength);
  }

  private static List<Long> beyondRows(Shape shape) {
    var extents = new ArrayList<Long>();
    for (int axis = 1; axis < shape.rank(); axis++) {
      extents.add(shape.extent(axis));
    }
    return extents;
  }

  /// The values, or missing where the request does not have the input.
  List<Reading> in(InferenceRequest request) {
    return request.findInput(field.tensor()).map(this::in).orElse(List.of(Reading.MISSING));
  }

  private List<Reading> in(InputTensor input) {
    var readings = new ArrayList<Reading>();
    Shape shape = input.tensor().shape();
    int width = anywhere ? 1 : width(shape);
    int count = Math.min(input.tensor().count(), ELEMENTS_MAX);
    for (int i = anywhere ? 0 : offset(shape); width > 0 && i < count; i += width) {
      readings.add(Readings.of(input, i));
    }
    return readings;
  }

  /// Elements from one row to the next; 0 where the field has no place.
  private int width(Shape shape) {
    if (shape.rank() != field.index().size()) {
      return 0;
    }
    int width = 1;
    for (int axis = 1; axis < shape.rank(); axis++) {
      if (field.index().get(axis) >= shape.extent(axis)) {
        return 0;
      }
      width *= (int) shape.extent(axis);
    }
    return width;
  }

  /// The field's place within a row.
  private int offset(Shape shape) {
    int offset = 0;
    for (int axis = 1; axis < Math.min(field.index().size(), shape.rank()); axis++) {
      offset = offset * (int) shape.extent(axis) + field.index().get(axis).intValue();
    }
    return offset;
  }
}
