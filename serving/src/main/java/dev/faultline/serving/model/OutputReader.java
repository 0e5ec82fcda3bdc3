package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Bounds;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The `outputs` of a contract: what the version promises about what the caller receives.
///
/// A floating output that nobody makes a statement about is observed for NaN and infinity: no model promises those.
final class OutputReader {
  private static final double SUM_TOLERANCE = 1e-3;

  private final Set<String> symbols = new LinkedHashSet<>();
  private final Mode checks;
  private final List<TensorSpec> specs = new ArrayList<>();
  private final List<Expectation> expectations = new ArrayList<>();

  OutputReader(List<TensorSpec> inputs, Mode checks) {
    this.checks = checks;
    inputs.forEach(input -> input.dimensions().forEach(dimension -> {
      if (dimension instanceof Dimension.Symbolic(String symbol)) {
        symbols.add(symbol);
      }
    }));
  }

  List<TensorSpec> specs() {
    return specs;
  }

  List<Expectation> expectations() {
    return expectations;
  }

  void read(Declared outputs, List<TensorSpec> made) {
    outputs.rejectUnknown("output", Agreement.names(made));
    made.forEach(spec -> read(spec, outputs.at(spec.name())));
  }

  private void read(TensorSpec made, Declared declared) {
    TensorSpec spec = SpecReader.withColumns(made, declared.at("columns"));
    specs.add(spec);
    Mode mode = declared.at("mode").choice(Mode.class, checks);
    FieldRef whole = FieldRef.of(spec.name());
    boolean sums = readSum(spec, declared.at("sum"), mode);
    readShape(spec, declared.at("shape"), mode);
    readValues(whole, spec.type(), declared, mode, sums, true);
    Declared fields = declared.at("fields");
    fields.rejectUnknown("column of '" + spec.name() + "'", spec.columns());
    for (String column : spec.columns()) {
      Declared field = fields.at(column);
      if (field.isPresent()) {
        Mode ofField = field.at("mode").choice(Mode.class, mode);
        readValues(new FieldRef(spec.name(), column), spec.type(), field, ofField, false, false);
        field.rejectOthers();
      }
    }
    declared.rejectOthers();
  }

  /// A statement about a value is a statement that it is a number; without any, a whole tensor is observed.
  private void readValues(FieldRef field, DataType type, Declared declared, Mode mode, boolean sums, boolean whole) {
    Declared finite = declared.at("finite");
    Bounds bounds = RuleReader.bounds(type, declared);
    Set<String> values = RuleReader.values(type, declared.at("values"));
    boolean stated = sums || !bounds.isOpen() || !values.isEmpty();
    if (finite.isPresent() && !type.isFloating()) {
      finite.problem("is about " + field + ", which is " + type + " and cannot be NaN (expected: finite on floating types only)");
    } else if (type.isFloating() && finite.flag(stated || whole)) {
      expectations.add(new Expectation.Finite(field, stated || finite.isPresent() ? mode : Mode.OBSERVE));
    }
    if (!bounds.isOpen()) {
      expectations.add(new Expectation.Range(field, bounds.min(), bounds.max(), mode));
    }
    if (!values.isEmpty()) {
      expectations.add(new Expectation.AllowedValues(field, values, mode));
    }
  }

  private boolean readSum(TensorSpec spec, Declared sum, Mode mode) {
    if (!sum.isPresent()) {
      return false;
    }
    double total = sum.at("total").number(1, Double::isFinite, "a finite number");
    double tolerance = sum.at("tolerance").number(SUM_TOLERANCE, value -> value >= 0 && Double.isFinite(value), "a number of 0 or more");
    sum.rejectOthers();
    boolean applies = (spec.type().isFloating() || spec.type().isInteger()) && !spec.dimensions().isEmpty();
    if (!applies) {
      sum.problem("is about '" + spec.name() + "', which is " + Agreement.shown(spec) + " (expected: sum on numbers with at least one axis)");
      return false;
    }
    expectations.add(new Expectation.Sum(FieldRef.of(spec.name()), total, tolerance, mode));
    return true;
  }

  private void readShape(TensorSpec spec, Declared declared, Mode mode) {
    if (!declared.isPresent()) {
      return;
    }
    List<Dimension> shape = SpecReader.shape(declared, List.of());
    for (Dimension dimension : shape) {
      if (dimension instanceof Dimension.Symbolic(String symbol) && !symbols.contains(symbol)) {
        declared.problem("uses the word '" + symbol + "', which no input's shape has" + Hint.of(symbol, symbols) + " (expected: " + Declared.listed(symbols) + ", a number or -1)");
      }
    }
    if (!Agreement.overlap(shape, spec.dimensions())) {
      declared.problem("is " + Agreement.shown(shape) + ", but '" + spec.name() + "' is " + Agreement.shown(spec) + " (expected: shapes that can agree)");
      return;
    }
    expectations.add(new Expectation.OfShape(FieldRef.of(spec.name()), shape, mode));
  }
}
