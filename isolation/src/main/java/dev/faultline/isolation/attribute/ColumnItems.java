package dev.faultline.isolation.attribute;

import dev.faultline.isolation.attribute.Column.Kind;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.finding.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The conditions worth comparing on one dimension, with the rows that meet them.
///
/// None depends on which requests failed: limits are quantiles of all readings, what is usual is what most requests have. So the items
/// stay the same when labels are shuffled, and the permutation test over them is exact.
final class ColumnItems {
  /// Values that are items of their own; the rest is [Trait#OTHER].
  static final int VALUES_MAX = 50;
  /// Repeated numbers that are items of their own.
  static final int NUMBERS_MAX = 50;
  /// A condition that fewer rows meet can explain nothing.
  static final int ROWS_MIN = 3;
  private static final String FIELD = "field:";
  private static final double RARE_SHARE = 0.001;
  private static final int REPEATED = 4;
  private static final double[] SPECIALS = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};

  private final Column column;
  private final String dimension;
  private final List<Item> items = new ArrayList<>();
  private final List<Numbers> numbers = new ArrayList<>();

  ColumnItems(Column column) {
    this.column = column;
    this.dimension = column.dimension();
    read();
  }

  List<Item> items() {
    return items;
  }

  /// What limits are about.
  List<Numbers> numbers() {
    return numbers;
  }

  private void read() {
    add(Condition.is(dimension, Trait.MISSING), column.missing());
    add(Condition.equal(dimension, Reading.NULL), rows(column.part(Kind.NULL), _ -> true));
    wrongType();
    values(column.part(Kind.TRUTH), new Distinct(column.part(Kind.TRUTH)));
    extents(column.part(Kind.EXTENTS));
    texts(column.part(Kind.TEXT));
    numbers(column.part(Kind.NUMBER));
  }

  private void wrongType() {
    var rows = new Bits(column.rows());
    for (Kind kind : List.of(Kind.NUMBER, Kind.TEXT, Kind.TRUTH, Kind.EXTENTS)) {
      if (kind != column.usual()) {
        column.part(kind).setIn(rows);
      }
    }
    add(Condition.is(dimension, Trait.WRONG_TYPE), rows);
  }

  private void texts(Part part) {
    var distinct = new Distinct(part);
    values(part, distinct);
    traits(part, distinct);
    if (dimension.startsWith(FIELD)) {
      // of headers and clients the length says nothing, and would be taken for a field's
      limits(new Numbers("length:" + dimension.substring(FIELD.length()), part, ColumnItems::length));
    }
  }

  private static double length(Reading reading) {
    return reading instanceof Reading.Text(String value) ? value.length() : 0;
  }

  private void traits(Part part, Distinct distinct) {
    var codes = new EnumMap<Trait, Set<Integer>>(Trait.class);
    IntStream.range(0, distinct.size()).forEach(code -> {
      Set<Trait> traits = distinct.value(code) instanceof Reading.Text(String value) ? TextTraits.of(value) : EnumSet.noneOf(Trait.class);
      traits.forEach(trait -> codes.computeIfAbsent(trait, _ -> new HashSet<>()).add(code));
    });
    codes.forEach((trait, having) -> add(Condition.is(dimension, trait), rows(part, entry -> having.contains(distinct.code(entry)))));
  }

  /// The frequent values, one item each, and the others together; values that hardly occur, where most occur often.
  private void values(Part part, Distinct distinct) {
    var other = new Bits(column.rows());
    var byCode = new Bits[distinct.size()];
    Arrays.fill(byCode, other);
    List<Integer> frequent = distinct.frequent(VALUES_MAX);
    frequent.forEach(code -> byCode[code] = new Bits(column.rows()));
    for (int entry = 0; entry < part.size(); entry++) {
      byCode[distinct.code(entry)].set(part.row(entry));
    }
    frequent.forEach(code -> add(Condition.equal(dimension, distinct.value(code)), byCode[code]));
    add(Condition.is(dimension, Trait.OTHER), other);
    if (distinct.size() > 1 && (long) distinct.size() * REPEATED <= part.size()) {
      double rare = Math.max(1, part.size() * RARE_SHARE);
      add(Condition.is(dimension, Trait.RARE), rows(part, entry -> distinct.count(distinct.code(entry)) <= rare));
    }
  }

  /// Whole shapes, empty ones, and limits: on the one axis that varies, or on the number of elements where several do.
  private void extents(Part part) {
    values(part, new Distinct(part));
    add(Condition.is(dimension, Trait.EMPTY), rows(part, entry -> Extents.elements(part.reading(entry)) == 0));
    int axis = Extents.varyingAxis(part);
    limits(new Numbers(dimension, part, reading -> axis < 0 ? Extents.elements(reading) : Extents.along(reading, axis)));
  }

  private void numbers(Part part) {
    var values = new Numbers(dimension, part, Numbers::value);
    for (double special : SPECIALS) {
      add(Condition.equal(dimension, Reading.of(special)), values.rows(column.rows(), value -> Double.compare(value, special) == 0));
    }
    values.frequent(NUMBERS_MAX, ROWS_MIN).forEach(value -> add(Condition.equal(dimension, values.reading(value)), values.rows(column.rows(), each -> each == value)));
    add(new Condition(dimension, Operator.BELOW, Reading.of(0L)), values.rows(column.rows(), value -> value < 0));
    values.median().ifPresent(median -> add(Condition.is(dimension, Trait.OTHER_UNIT), values.rows(column.rows(), value -> Units.differ(value, median))));
    limits(values);
  }

  private void limits(Numbers values) {
    numbers.add(values);
    for (double limit : values.lowLimits()) {
      add(new Condition(values.dimension(), Operator.AT_MOST, values.reading(limit)), values.rows(column.rows(), value -> value <= limit));
    }
    for (double limit : values.highLimits()) {
      add(new Condition(values.dimension(), Operator.AT_LEAST, values.reading(limit)), values.rows(column.rows(), value -> value >= limit));
    }
  }

  private Bits rows(Part part, IntPredicate entries) {
    var rows = new Bits(column.rows());
    IntStream.range(0, part.size()).filter(entries).forEach(entry -> rows.set(part.row(entry)));
    return rows;
  }

  /// Leaves out what all rows meet, or too few.
  private void add(Condition condition, Bits rows) {
    int count = rows.count();
    if (count >= ROWS_MIN && count < rows.rows()) {
      items.add(new Item(condition, rows, count, List.of()));
    }
  }
}
