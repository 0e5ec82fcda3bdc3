package dev.faultline.isolation;

import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Limit;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.InferenceRequest;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Whether the fields that make one request fail tell the other failing requests of its version from the passing ones.
///
/// A fault of the version that a request meets or not by the sum of all it holds can be made to go away by changing a field too; but then
/// other failing requests have other values there.
final class Separation {
  private static final int FAILING_MIN = 3;
  private static final double FAILING_SHARE = 0.8;
  private static final double PASSING_SHARE = 0.2;
  private static final double REPEATED_SHARE = 0.5;

  private final List<BlamedField> fields;
  private final List<InferenceRequest> failing;
  private final List<InferenceRequest> passing;
  private final Map<BlamedField, Set<Reading>> usual = new HashMap<>();
  private final Map<BlamedField, FieldReadings> places = new HashMap<>();
  private final Case about;

  private Separation(List<BlamedField> fields, Case about) {
    this.fields = fields;
    this.about = about;
    this.failing = requests(about.siblings(), about.version());
    this.passing = requests(about.passing(), about.version());
  }

  /// True where too few other requests are known to say no.
  static boolean holds(List<BlamedField> fields, Case about) {
    return !fields.isEmpty() && new Separation(fields, about).holds();
  }

  private boolean holds() {
    return failing.size() < FAILING_MIN
        || (share(failing) >= FAILING_SHARE && (passing.size() < FAILING_MIN || share(passing) <= PASSING_SHARE));
  }

  private double share(List<InferenceRequest> requests) {
    return (double) requests.stream().filter(this::meets).count() / requests.size();
  }

  private boolean meets(InferenceRequest request) {
    return fields.stream().allMatch(field -> meets(field, request));
  }

  private boolean meets(BlamedField field, InferenceRequest request) {
    List<Reading> readings = readings(field, request);
    if (!field.limits().isEmpty()) {
      return readings.stream().anyMatch(reading -> field.limits().stream().allMatch(limit -> meets(limit, reading)));
    }
    Set<Reading> known = usual.computeIfAbsent(field, this::usual);
    return readings.contains(field.value()) || (!known.isEmpty() && readings.stream().noneMatch(known::contains));
  }

  /// What passing requests have there, as far as values repeat: that a value is new says nothing where nearly all are.
  private Set<Reading> usual(BlamedField field) {
    var all = new HashSet<Reading>();
    int count = 0;
    for (InferenceRequest each : passing) {
      List<Reading> readings = readings(field, each);
      count += readings.size();
      all.addAll(readings);
    }
    return all.size() <= count * REPEATED_SHARE ? all : Set.of();
  }

  private static boolean meets(Limit limit, Reading reading) {
    Optional<Double> value = number(reading);
    Optional<Double> bound = number(limit.value());
    if (value.isEmpty() || bound.isEmpty()) {
      return reading.equals(limit.value());
    }
    int order = Double.compare(value.get(), bound.get());
    return switch (limit.operator()) {
      case AT_LEAST -> order >= 0;
      case ABOVE -> order > 0;
      case AT_MOST -> order <= 0;
      case BELOW -> order < 0;
      case EQUAL, IS, IN -> order == 0;
      case NOT_IN -> order != 0;
    };
  }

  private static Optional<Double> number(Reading reading) {
    return switch (reading) {
      case Reading.Whole(long value) -> Optional.of((double) value);
      case Reading.Real(double value) -> Optional.of(value);
      case Reading.Missing _, Reading.Null _, Reading.Truth _, Reading.Text _, Reading.Extents _, Reading.Several _, Reading.Of _ -> Optional.empty();
    };
  }

  /// What a request has where the field is; for a field that is a whole input its shape, or the extents that differ.
  private List<Reading> readings(BlamedField field, InferenceRequest request) {
    return request.findInput(field.field().tensor()).filter(input -> field.field().index().isEmpty() && input.tensor().shape().rank() > 0)
        .map(input -> whole(field, input.tensor()))
        .orElseGet(() -> places.computeIfAbsent(field, each -> FieldReadings.of(each.field(), about)).in(request));
  }

  private static List<Reading> whole(BlamedField field, Tensor tensor) {
    List<Reading> readings = new ArrayList<>(List.of(Readings.shape(tensor), Reading.of(tensor.type().name())));
    List<Long> before = Readings.extents(field.baseline());
    List<Long> after = Readings.extents(field.value());
    for (int axis = 0; axis < Math.min(Math.min(before.size(), after.size()), tensor.shape().rank()); axis++) {
      if (!before.get(axis).equals(after.get(axis))) {
        readings.add(Reading.of(tensor.shape().extent(axis)));
      }
    }
    return readings;
  }

  private static List<InferenceRequest> requests(List<Specimen> specimens, String version) {
    return specimens.stream().filter(each -> each.version().version().equals(version)).flatMap(each -> each.request().stream()).toList();
  }
}
