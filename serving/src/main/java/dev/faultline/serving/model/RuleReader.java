package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Bounds;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The rules about one input or one of its columns. A rule that can never apply is a problem.
final class RuleReader {
  private static final int VALUES_MAX = 100_000;

  private final List<Rule> rules;
  private final Draft draft;

  RuleReader(List<Rule> rules, Draft draft) {
    this.rules = rules;
    this.draft = draft;
  }

  /// Adds the field's rules and says whether it may be missing. A field of a nullable tensor is nullable.
  boolean read(FieldRef field, DataType type, Declared declared, boolean tensorNullable) {
    boolean nullable = nullable(field, type, declared, tensorNullable);
    Declared finite = declared.at("finite");
    Bounds bounds = bounds(type, declared);
    Set<String> values = values(type, declared.at("values"));
    boolean stated = !bounds.isOpen() || !values.isEmpty();
    if (finite.isPresent() && !type.isFloating()) {
      finite.problem("is about " + field + ", which is " + type + " and cannot be NaN (expected: finite on floating types only)");
    } else if (finite.flag(stated && !nullable && type.isFloating())) {
      rules.add(new Rule.Finite(field));
    }
    if (!bounds.isOpen()) {
      rules.add(new Rule.Range(field, bounds.min(), bounds.max()));
    }
    if (!values.isEmpty()) {
      rules.add(new Rule.AllowedValues(field, values));
    }
    readText(field, type, declared.at("pattern"), declared.at("length"));
    return nullable;
  }

  /// How many entries the first axis may have, where the shape leaves that open.
  void readRows(TensorSpec spec, Declared rows) {
    if (!rows.isPresent()) {
      return;
    }
    if (spec.dimensions().isEmpty() || spec.dimensions().getFirst() instanceof Dimension.Fixed) {
      rows.problem("is about the first axis of '" + spec.name() + "', which is " + (spec.dimensions().isEmpty() ? "a scalar" : "always " + spec.dimensions().getFirst()) + " (expected: rows only where the first axis is open)");
      return;
    }
    List<Declared> ends = rows.elements();
    if (ends.size() != 2) {
      rows.expected("two numbers: [fewest, most], null for an open end");
      return;
    }
    long min = ends.get(0).integer(0, 0, Long.MAX_VALUE);
    long max = ends.get(1).integer(Long.MAX_VALUE, 0, Long.MAX_VALUE);
    if (min > max) {
      rows.problem("leaves no batch: " + min + " is more than " + max);
    } else {
      rules.add(new Rule.Rows(FieldRef.of(spec.name()), min, max));
    }
  }

  private boolean nullable(FieldRef field, DataType type, Declared declared, boolean tensorNullable) {
    Declared said = declared.at("nullable");
    boolean nullable = said.flag(tensorNullable || draft.nullable.contains(field));
    if (tensorNullable && !nullable) {
      said.problem("is false, but the whole of '" + field.tensor() + "' is nullable (expected: nullable only under the fields that may be missing)");
    }
    if (nullable) {
      rules.add(new Rule.Nullable(field));
    }
    if (said.flag(false) && !type.isFloating()) {
      String standIn = type == DataType.BYTES ? "the empty text" : type == DataType.BOOL ? "false" : "0";
      draft.warnings.add(said.where() + ": a missing value of " + type + " reaches the model as " + standIn);
    }
    return nullable;
  }

  /// Open where a range cannot apply.
  static Bounds bounds(DataType type, Declared declared) {
    Bounds bounds = Bounds.read(declared);
    if (!bounds.isOpen() && !type.isFloating() && !type.isInteger()) {
      declared.problem("has a range, but is " + type + " (expected: a range on numbers only" + (type == DataType.BYTES ? "; values, pattern and length are for texts)" : ")"));
      return Bounds.OPEN;
    }
    return bounds;
  }

  /// Allowed values as the contract keeps them: texts for `BYTES`, numbers as written otherwise, 0 and 1 for `BOOL`.
  static Set<String> values(DataType type, Declared declared) {
    Set<String> values = new LinkedHashSet<>();
    if (!declared.isPresent()) {
      return values;
    }
    List<Declared> elements = declared.elements();
    if (elements.isEmpty() || elements.size() > VALUES_MAX) {
      declared.problem("has " + elements.size() + " values (expected: a list of 1 to " + VALUES_MAX + ")");
    }
    elements.forEach(element -> value(type, element, values));
    return values;
  }

  private static void value(DataType type, Declared element, Set<String> values) {
    switch (type.kind()) {
      case TEXT -> values.add(element.requiredText());
      case BOOLEAN -> values.add(element.flag(false) ? "1" : "0");
      case INTEGER -> {
        if (element.isInteger()) {
          values.add(element.scalar().orElseThrow());
        } else {
          element.expected("an integer, as the tensor is " + type);
        }
      }
      case FLOATING -> {
        if (element.isNumber()) {
          values.add(element.scalar().orElseThrow());
        } else {
          element.expected("a number, as the tensor is " + type);
        }
      }
    }
  }

  private void readText(FieldRef field, DataType type, Declared pattern, Declared length) {
    for (Declared rule : List.of(pattern, length)) {
      if (rule.isPresent() && type != DataType.BYTES) {
        rule.problem("is about " + field + ", which is " + type + " (expected: this rule on BYTES only)");
      }
    }
    if (pattern.isPresent() && type == DataType.BYTES) {
      readPattern(field, pattern);
    }
    if (length.isPresent() && type == DataType.BYTES) {
      readLength(field, length);
    }
  }

  private void readPattern(FieldRef field, Declared pattern) {
    try {
      rules.add(new Rule.Pattern(field, Pattern.compile(pattern.text(""))));
    } catch (PatternSyntaxException e) {
      pattern.problem("is " + pattern.shown() + ", not a regular expression: " + e.getDescription() + " near position " + e.getIndex());
    }
  }

  private void readLength(FieldRef field, Declared length) {
    List<Declared> ends = length.elements();
    if (ends.size() != 2) {
      length.expected("two numbers of code points: [shortest, longest]");
      return;
    }
    int min = (int) ends.get(0).integer(0, 0, Integer.MAX_VALUE);
    int max = (int) ends.get(1).integer(Integer.MAX_VALUE, 0, Integer.MAX_VALUE);
    if (min > max) {
      length.problem("leaves no value: " + min + " is more than " + max);
    } else {
      rules.add(new Rule.Length(field, min, max));
    }
  }
}
