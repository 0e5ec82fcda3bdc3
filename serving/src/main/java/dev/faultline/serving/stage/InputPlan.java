package dev.faultline.serving.stage;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Breach;
import dev.faultline.fault.FaultCode;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One input of a contract, made ready at load: its dimensions, its rules by column and what of it is hidden.
///
/// Longer than most: structure, misfits and values of one tensor share its columns, and each is a few lines.
final class InputPlan {
  private static final long ANY = -1;

  private final TensorSpec spec;
  private final List<String> columns;
  private final long[] extents;
  private final int[] symbols;
  private final long rowsMin;
  private final long rowsMax;
  private final boolean[] missingAllowed;
  private final boolean[] hidden;
  private final ValueRules values;
  private final String specSource;
  private final String ruleSource;

  /// `rules` are those of this input; a rule for a column that the tensor does not have is left out.
  InputPlan(TensorSpec spec, List<Rule> rules, Symbols symbols, Predicate<FieldRef> isHidden, List<String> sources) {
    this.spec = spec;
    this.columns = columnsThatFit(spec);
    this.extents = extents(spec, columns);
    this.symbols = spec.dimensions().stream().mapToInt(each -> each instanceof Dimension.Symbolic(String symbol) ? symbols.indexOf(symbol) : -1).toArray();
    this.rowsMin = rules.stream().mapToLong(rule -> rule instanceof Rule.Rows rows ? rows.min() : 0).max().orElse(0);
    this.rowsMax = rules.stream().mapToLong(rule -> rule instanceof Rule.Rows rows ? rows.max() : Long.MAX_VALUE).min().orElse(Long.MAX_VALUE);
    List<List<Rule>> byColumn = byColumn(rules, columns);
    this.missingAllowed = new boolean[byColumn.size()];
    for (int column = 0; column < byColumn.size(); column++) {
      missingAllowed[column] = byColumn.get(column).stream().anyMatch(Rule.Nullable.class::isInstance);
    }
    this.hidden = hidden(spec, columns, isHidden);
    this.values =
        spec.type() == DataType.BYTES
            ? new TextRules(byColumn.stream().map(TextRule::of).toList())
            : new NumberRules(byColumn.stream().map(each -> NumberRule.of(spec.type(), each)).toList());
    this.specSource = sources.isEmpty() ? "contract" : sources.getFirst();
    this.ruleSource = sources.isEmpty() ? "contract" : sources.getLast();
  }

  TensorSpec spec() {
    return spec;
  }

  /// Who says which inputs there are and how they look: the first source, which is the graph.
  String specSource() {
    return specSource;
  }

  /// Who says which values are allowed: the last source, which is what people wrote.
  String ruleSource() {
    return ruleSource;
  }

  /// The names of the last axis where the request's tensor has that many.
  List<String> columns(InputTensor input) {
    return input.tensor().shape().rank() > 0 && input.tensor().shape().lastExtent() == columns.size() ? columns : List.of();
  }

  boolean isHidden(InputTensor input, int flat) {
    return hidden[columns(input).isEmpty() ? 0 : 1 + flat % columns.size()];
  }

  /// Data type, rank and size; true when dimensions and values can be looked at.
  boolean isWellFormed(InputTensor input, Breaches breaches) {
    boolean typeFits = input.tensor().type() == spec.type();
    if (!typeFits) {
      add(input, breaches, FaultCode.VALIDATE_DATA_TYPE, input.tensor().type().name(), spec.type().name());
    }
    if (!input.sizeBreach().isEmpty()) {
      add(input, breaches, FaultCode.VALIDATE_SIZE_MISMATCH, input.sizeBreach(), "as many values as the shape holds");
      return false;
    }
    if (input.tensor().shape().rank() != extents.length) {
      add(input, breaches, FaultCode.VALIDATE_RANK, "of shape " + input.tensor().shape(), extents.length + " dimensions, " + dimensions());
      return false;
    }
    return typeFits;
  }

  boolean hasRank(InputTensor input) {
    return input.sizeBreach().isEmpty() && input.tensor().shape().rank() == extents.length;
  }

  /// Fixed dimensions, the smallest and the largest batch, and symbolic ones against what the request's inputs agreed on.
  void checkDimensions(int position, InputTensor input, long[] agreed, Symbols table, @Nullable InputTensor[] given, Breaches breaches) {
    if (!fits(input.tensor().shape(), agreed)) {
      add(input, breaches, FaultCode.VALIDATE_DIMENSION, "of shape " + input.tensor().shape(), wantedDimensions(position, input.tensor().shape(), agreed, table, given));
    } else if (extents.length > 0 && (input.tensor().shape().extent(0) > rowsMax || input.tensor().shape().extent(0) < rowsMin)) {
      breaches.add(ruleSource, () -> new Breach(FaultCode.VALIDATE_DIMENSION, input.field(), "of shape " + input.tensor().shape(), wantedRows(input.tensor().shape().extent(0))));
    }
  }

  private String wantedRows(long rows) {
    return rows > rowsMax ? "at most " + rowsMax + " along the first axis, the largest batch" : "at least " + rowsMin + " along the first axis, the smallest batch";
  }

  /// Misfits first, then the rules. Left out where the columns cannot be told apart because the last axis has another extent.
  void checkValues(InputTensor input, Breaches breaches) {
    if (missingAllowed.length == 1 || input.tensor().shape().lastExtent() == missingAllowed.length) {
      var elements = new ElementBreaches(this, input, breaches);
      if (input.misfitCount() > 0) {
        checkMisfits(input, elements, breaches);
      }
      values.check(input, elements);
    }
  }

  private void checkMisfits(InputTensor input, ElementBreaches elements, Breaches breaches) {
    boolean refused = false;
    for (Misfit misfit : input.misfits()) {
      boolean passes = misfit.kind() == Misfit.Kind.NULL && missingAllowed[misfit.flat() % missingAllowed.length];
      if (!passes) {
        refused = true;
        elements.addMisfit(misfit, code(misfit), want(misfit));
      }
    }
    if (refused && !IntStream.range(0, missingAllowed.length).anyMatch(column -> missingAllowed[column])) {
      breaches.count(input.misfitCount() - input.misfits().size());
    }
  }

  private static FaultCode code(Misfit misfit) {
    return switch (misfit.kind()) {
      case NULL -> FaultCode.VALIDATE_NULL;
      case WRONG_TYPE, NOT_INTEGRAL -> FaultCode.VALIDATE_DATA_TYPE;
      case OUT_OF_RANGE -> FaultCode.VALIDATE_RANGE;
    };
  }

  private String want(Misfit misfit) {
    return switch (misfit.kind()) {
      case NULL -> "a value";
      case WRONG_TYPE -> kind() + ", " + spec.type();
      case NOT_INTEGRAL -> "an integer, " + spec.type();
      case OUT_OF_RANGE -> "a number that " + spec.type() + " can hold";
    };
  }

  private String kind() {
    return switch (spec.type().kind()) {
      case BOOLEAN -> "true or false";
      case INTEGER -> "an integer";
      case FLOATING -> "a number";
      case TEXT -> "a text";
    };
  }

  private void add(InputTensor input, Breaches breaches, FaultCode code, String got, String want) {
    breaches.add(specSource, () -> new Breach(code, input.field(), got, want));
  }

  private boolean fits(Shape shape, long[] agreed) {
    for (int axis = 0; axis < extents.length; axis++) {
      long want = symbols[axis] >= 0 ? agreed[symbols[axis]] : extents[axis];
      boolean columnsFit = extents[axis] == ANY || shape.extent(axis) == extents[axis];
      if (!columnsFit || (want != ANY && shape.extent(axis) != want)) {
        return false;
      }
    }
    return true;
  }

  private String wantedDimensions(int position, Shape shape, long[] agreed, Symbols table, @Nullable InputTensor[] given) {
    String witnesses =
        IntStream.range(0, symbols.length)
            .filter(axis -> symbols[axis] >= 0 && shape.extent(axis) != agreed[symbols[axis]])
            .mapToObj(axis -> table.witness(given, symbols[axis], agreed[symbols[axis]], position))
            .distinct()
            .collect(Collectors.joining(" and "));
    return dimensions() + (witnesses.isEmpty() ? "" : ", where " + witnesses);
  }

  /// `[batch,3]`
  private String dimensions() {
    return IntStream.range(0, extents.length)
        .mapToObj(axis -> extents[axis] == ANY ? spec.dimensions().get(axis).toString() : Long.toString(extents[axis]))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /// Names for the last axis fix its extent, unless the graph fixes another: then they name nothing.
  private static List<String> columnsThatFit(TensorSpec spec) {
    if (spec.dimensions().isEmpty()) {
      return List.of();
    }
    long last = spec.dimensions().getLast().wireExtent();
    return last == ANY || last == spec.columns().size() ? spec.columns() : List.of();
  }

  private static long[] extents(TensorSpec spec, List<String> columns) {
    long[] extents = spec.dimensions().stream().mapToLong(Dimension::wireExtent).toArray();
    if (!columns.isEmpty()) {
      extents[extents.length - 1] = columns.size();
    }
    return extents;
  }

  /// The rules of each column, those of the whole tensor first; one list for all elements when no column has its own.
  private static List<List<Rule>> byColumn(List<Rule> rules, List<String> columns) {
    List<Rule> whole = rules.stream().filter(rule -> rule.field().isWholeTensor()).toList();
    List<Rule> single = rules.stream().filter(rule -> columns.contains(rule.field().column())).toList();
    return single.isEmpty() ? List.of(whole) : columns.stream().map(column -> joined(whole, single, column)).toList();
  }

  private static List<Rule> joined(List<Rule> whole, List<Rule> single, String column) {
    var joined = new ArrayList<>(whole);
    single.stream().filter(rule -> rule.field().column().equals(column)).forEach(joined::add);
    return joined;
  }

  /// For the whole tensor, then for each column.
  private static boolean[] hidden(TensorSpec spec, List<String> columns, Predicate<FieldRef> isHidden) {
    boolean[] hidden = new boolean[1 + columns.size()];
    hidden[0] = isHidden.test(FieldRef.of(spec.name()));
    for (int column = 0; column < columns.size(); column++) {
      hidden[1 + column] = hidden[0] || isHidden.test(new FieldRef(spec.name(), columns.get(column)));
    }
    return hidden;
  }
}
