package dev.faultline.isolation;

import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.finding.Trait;
import dev.faultline.isolation.replay.Specimen;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SequencedSet;

/// Under which values of a field requests fail, where no boundary says so: one value, a few that come again and again, or all that passing
/// requests do not have.
///
/// One request shows one value only; what the class of it is, the other failing requests of the group tell.
final class ValueClass {
  /// Values that are listed in a condition.
  private static final int LISTED_MAX = 64;
  /// Requests of each side that are read.
  private static final int REQUESTS_MAX = 1_000;
  /// Where a list has no more values than this share of how often they were seen, values repeat.
  private static final double REPEATED_SHARE = 0.5;

  private final BlamedField field;
  private final List<Reading> passing;
  private final List<Reading> failing;

  private ValueClass(BlamedField field, Case about) {
    this.field = field;
    FieldReadings of = FieldReadings.of(field.field(), about);
    this.passing = read(of, about.passing());
    this.failing = read(of, about.siblings());
  }

  static List<Condition> conditions(BlamedField field, Case about) {
    if (!field.limits().isEmpty() || field.value() instanceof Reading.Extents) {
      return field.conditions();
    }
    if (field.value() instanceof Reading.Missing) {
      return field.baseline() instanceof Reading.Missing ? List.of() : List.of(Condition.is(field.dimension(), Trait.MISSING));
    }
    // of decimals and of what is no value at all, such as NaN or null, others on the same place tell nothing
    return isOfACategory(field.value()) ? List.of(new ValueClass(field, about).condition()) : field.conditions();
  }

  private static boolean isOfACategory(Reading value) {
    return switch (value) {
      case Reading.Text _, Reading.Whole _ -> true;
      case Reading.Real _, Reading.Truth _, Reading.Null _, Reading.Missing _, Reading.Extents _, Reading.Several _, Reading.Of _ -> false;
    };
  }

  private Condition condition() {
    Set<Reading> sound = new LinkedHashSet<>(passing);
    // what passing requests have there too is not what makes it fail
    List<Reading> odd = failing.stream().filter(each -> !sound.contains(each)).toList();
    SequencedSet<Reading> bad = new LinkedHashSet<>(odd);
    bad.addFirst(field.value());
    if (bad.size() == 1 || sound.contains(field.value())) {
      return Condition.equal(field.dimension(), field.value());
    }
    if (bad.size() <= LISTED_MAX && repeats(bad.size(), odd.size() + 1)) {
      return several(Operator.IN, bad);
    }
    boolean isVocabulary = !sound.isEmpty() && sound.size() <= LISTED_MAX && repeats(sound.size(), passing.size());
    return isVocabulary ? several(Operator.NOT_IN, sound) : bad.size() <= LISTED_MAX ? several(Operator.IN, bad) : Condition.equal(field.dimension(), field.value());
  }

  private Condition several(Operator operator, Set<Reading> values) {
    return new Condition(field.dimension(), operator, new Reading.Several(List.copyOf(values)));
  }

  private static boolean repeats(int distinct, int count) {
    return distinct <= count * REPEATED_SHARE;
  }

  private static List<Reading> read(FieldReadings of, List<Specimen> specimens) {
    var readings = new ArrayList<Reading>();
    specimens.stream().limit(REQUESTS_MAX).flatMap(each -> each.request().stream()).forEach(request -> readings.addAll(of.in(request)));
    return readings;
  }
}
