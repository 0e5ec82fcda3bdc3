package dev.faultline.isolation.finding;

import java.util.List;
import java.util.stream.Collectors;

/// What one request has on one dimension: a value as it came, of whatever type, or none.
public sealed interface Reading {
  Reading MISSING = new Missing();
  Reading NULL = new Null();

  /// The request does not have it.
  record Missing() implements Reading {
    @Override
    public String toString() {
      return "missing";
    }
  }

  /// A JSON null.
  record Null() implements Reading {
    @Override
    public String toString() {
      return "null";
    }
  }

  record Truth(boolean value) implements Reading {
    @Override
    public String toString() {
      return Boolean.toString(value);
    }
  }

  /// An integer, exactly.
  record Whole(long value) implements Reading {
    @Override
    public String toString() {
      return Long.toString(value);
    }
  }

  /// A floating-point number; NaN and the infinities too.
  record Real(double value) implements Reading {
    @Override
    public String toString() {
      return Double.toString(value);
    }
  }

  record Text(String value) implements Reading {
    @Override
    public String toString() {
      return '\'' + value + '\'';
    }
  }

  /// The extents of a tensor, outermost first; one extent for a list of which only the length counts.
  record Extents(List<Long> value) implements Reading {
    public Extents {
      value = List.copyOf(value);
    }

    @Override
    public String toString() {
      return value.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    }
  }

  /// A trait; only on the right side of a condition with [Operator#IS].
  record Of(Trait trait) implements Reading {
    @Override
    public String toString() {
      return trait.label();
    }
  }

  /// Several values; only on the right side of a condition with [Operator#IN] or [Operator#NOT_IN].
  record Several(List<Reading> values) implements Reading {
    public Several {
      values = List.copyOf(values);
    }

    @Override
    public String toString() {
      return values.stream().map(String::valueOf).collect(Collectors.joining(", ", "{", "}"));
    }
  }

  static Reading of(double value) {
    return new Real(value);
  }

  static Reading of(long value) {
    return new Whole(value);
  }

  static Reading of(boolean value) {
    return new Truth(value);
  }

  static Reading of(String value) {
    return new Text(value);
  }
}
