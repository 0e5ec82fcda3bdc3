package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Reading;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// All readings on one dimension, with the rows that they are of. A row may have several, or none.
final class Column {
  /// Readings of one row that are looked at.
  static final int READINGS_MAX = 256;

  /// What readings are, as far as they can be compared with each other.
  enum Kind {
    MISSING,
    NULL,
    TRUTH,
    NUMBER,
    TEXT,
    EXTENTS
  }

  private static final Part NOTHING = new Part();

  private final String dimension;
  private final Bits present;
  private final Map<Kind, Part> parts = new EnumMap<>(Kind.class);

  Column(String dimension, int rows) {
    this.dimension = dimension;
    this.present = new Bits(rows);
  }

  void add(int row, List<Reading> readings) {
    for (Reading reading : readings.size() > READINGS_MAX ? readings.subList(0, READINGS_MAX) : readings) {
      parts.computeIfAbsent(kind(reading), _ -> new Part()).add(row, reading);
      present.set(row);
    }
  }

  String dimension() {
    return dimension;
  }

  int rows() {
    return present.rows();
  }

  /// Rows that say so, and rows that say nothing.
  Bits missing() {
    Bits missing = present.not();
    part(Kind.MISSING).setIn(missing);
    return missing;
  }

  Part part(Kind kind) {
    return parts.getOrDefault(kind, NOTHING);
  }

  /// The kind that most values have.
  Kind usual() {
    Kind usual = Kind.NUMBER;
    for (Kind kind : List.of(Kind.TEXT, Kind.TRUTH, Kind.EXTENTS)) {
      usual = part(kind).size() > part(usual).size() ? kind : usual;
    }
    return usual;
  }

  private static Kind kind(Reading reading) {
    return switch (reading) {
      case Reading.Missing _ -> Kind.MISSING;
      case Reading.Null _ -> Kind.NULL;
      case Reading.Truth _ -> Kind.TRUTH;
      case Reading.Whole _, Reading.Real _ -> Kind.NUMBER;
      case Reading.Text _, Reading.Several _, Reading.Of _ -> Kind.TEXT;
      case Reading.Extents _ -> Kind.EXTENTS;
    };
  }
}
