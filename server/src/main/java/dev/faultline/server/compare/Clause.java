package dev.faultline.server.compare;

import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.finding.Reading;
import java.util.List;

/// A term of a selection that is about what a request holds or where it came from: `field:age>=65`, `header:x-tenant=acme`.
///
/// Of a batch one row is enough. `null`, `missing` and `nan` mean what they say; `missing` is a null too.
record Clause(String dimension, Relation relation, String value) {

  boolean holds(Sighting sighting) {
    List<Reading> readings = sighting.readings().getOrDefault(dimension, List.of(Reading.MISSING));
    return relation == Relation.NOT ? readings.stream().noneMatch(this::equal) : readings.stream().anyMatch(this::compares);
  }

  private boolean compares(Reading reading) {
    return relation.isOfNumbers() ? number(reading) : equal(reading);
  }

  private boolean number(Reading reading) {
    return switch (reading) {
      case Reading.Whole(long whole) -> relation.holds((double) whole, wanted());
      case Reading.Real(double real) -> relation.holds(real, wanted());
      case Reading.Missing _, Reading.Null _, Reading.Truth _, Reading.Text _, Reading.Extents _, Reading.Several _, Reading.Of _ -> false;
    };
  }

  private boolean equal(Reading reading) {
    return switch (reading) {
      case Reading.Missing _ -> value.equals("missing");
      case Reading.Null _ -> value.equals("null") || value.equals("missing");
      case Reading.Whole(long whole) -> isNumber(value) && Relation.EQUAL.holds((double) whole, wanted());
      case Reading.Real(double real) -> isNumber(value) && Relation.EQUAL.holds(real, wanted());
      case Reading.Text(String text) -> value.equals(text);
      case Reading.Truth(boolean truth) -> value.equals(String.valueOf(truth));
      case Reading.Extents extents -> value.equals(extents.toString());
      case Reading.Several several -> value.equals(several.toString());
      case Reading.Of(var trait) -> value.equals(trait.label());
    };
  }

  private double wanted() {
    return value.equals("nan") ? Double.NaN : Double.parseDouble(value);
  }

  static boolean isNumber(String text) {
    try {
      return text.equals("nan") || !Double.isNaN(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
