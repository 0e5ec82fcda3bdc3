package dev.faultline.probe;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Mend;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Inputs that are left out, doubled, of another type, or whose shape does not fit; and no rows, and many.
final class ShapeProbes {
  private static final long ROWS_MAX = 1_024;
  private static final long ELEMENTS_MAX = 1_000_000;

  private final Subject subject;
  private final Inputs base;
  private final List<Probe> probes = new ArrayList<>();

  ShapeProbes(Subject subject, Inputs base) {
    this.subject = subject;
    this.base = base;
  }

  List<Probe> all() {
    for (TensorSpec spec : subject.contract().inputs()) {
      Optional<Given> given = base.find(spec.name());
      if (given.isPresent()) {
        missing(spec);
        type(spec, given.get());
        shape(spec, given.get());
        empty(spec, given.get());
      }
    }
    rows();
    return probes;
  }

  private void missing(TensorSpec spec) {
    boolean optional = spec.presence() == TensorSpec.Presence.OPTIONAL;
    Expected expected = optional ? Expected.ANSWERED : Expected.REFUSED;
    Mend mend = Mend.of(optional ? "the contract lets it be left out and the model needs it: remove optional" : "a required input that is left out must be refused");
    add(Kind.MISSING, "missing input " + spec.name(), spec, expected, base.without(spec.name()), mend);
  }

  private void type(TensorSpec spec, Given given) {
    DataType other = spec.type() == DataType.FP32 ? DataType.INT64 : DataType.FP32;
    List<String> others = given.elements().stream().map(_ -> "1").toList();
    Mend mend = Mend.of("another data type must not be taken for the model's own");
    add(Kind.TYPE, other + " for " + spec.name() + ", which is " + spec.type(), spec, Expected.REFUSED, changed(spec, given.typed(other.name()).holding(others)), mend);
    probes.add(Probe.of(Kind.TYPE, "datatype 'FLOATY' of " + spec.name(), Expected.REFUSED, changed(spec, given.typed("FLOATY")).call(subject.inferPath())));
    if (spec.type().hasJsonForm() && !given.elements().isEmpty()) {
      boolean isText = spec.type() == DataType.BYTES;
      element(spec, given, isText ? "a number as a value of " : "a text as a value of ", isText ? "1" : "\"one\"");
      element(spec, given, "an object as a value of ", "{}");
      if (spec.type() != DataType.BOOL) {
        element(spec, given, "true as a value of ", "true");
      }
    }
  }

  private void element(TensorSpec spec, Given given, String what, String element) {
    add(Kind.TYPE, what + spec.name(), spec, Expected.REFUSED, changed(spec, given.with(0, element)), Mend.of("a value of another type must be refused"));
  }

  private void shape(TensorSpec spec, Given given) {
    var deeper = new ArrayList<>(given.shape());
    deeper.add(1L);
    var ranked = Mend.of("another number of dimensions must be refused");
    add(Kind.SHAPE, "one dimension too many in " + spec.name(), spec, Expected.REFUSED, changed(spec, given.shaped(deeper)), ranked);
    if (given.shape().size() > 1) {
      add(Kind.SHAPE, "one dimension too few in " + spec.name(), spec, Expected.REFUSED, changed(spec, given.shaped(List.of(given.count()))), ranked);
    }
    var sized = Mend.of("data that does not fill the shape exactly must be refused, never cut or read on");
    if (spec.type().hasJsonForm() && !given.elements().isEmpty()) {
      var more = new ArrayList<>(given.elements());
      more.add(given.elements().getFirst());
      add(Kind.SHAPE, spec.name() + ": shape says " + given.count() + ", data " + more.size(), spec, Expected.REFUSED, changed(spec, given.holding(more)), sized);
      List<String> less = given.elements().subList(1, given.elements().size());
      add(Kind.SHAPE, spec.name() + ": shape says " + given.count() + ", data " + less.size(), spec, Expected.REFUSED, changed(spec, given.holding(less)), sized);
    }
    for (int axis = 0; axis < given.shape().size(); axis++) {
      extents(spec, given, axis, sized);
    }
  }

  private void extents(TensorSpec spec, Given given, int axis, Mend sized) {
    Dimension dimension = axis < spec.dimensions().size() ? spec.dimensions().get(axis) : new Dimension.Free();
    if (dimension instanceof Dimension.Fixed) {
      add(Kind.SHAPE, "axis " + axis + " of " + spec.name() + " one too long", spec, Expected.REFUSED, changed(spec, given.grown(axis)), Mend.of("a fixed extent must be kept to"));
    } else if (dimension instanceof Dimension.Symbolic(String symbol) && sharers(symbol) > 1) {
      probes.add(Probe.of(Kind.SHAPE, "axis " + axis + " of " + spec.name() + " longer than '" + symbol + "' elsewhere", Expected.REFUSED, changed(spec, given.grown(axis)).call(subject.inferPath())).mendedBy(Mend.of("extents of one symbol must agree")));
    } else if (axis == 0 && base.all().size() > 1 && base.rows().isPresent()) {
      probes.add(Probe.of(Kind.SHAPE, "more rows in " + spec.name() + " than in the others", Expected.EITHER, changed(spec, given.grown(0)).call(subject.inferPath()))
          .mendedBy(Subject.rule("name the axis alike in all inputs, so that they must agree", FieldRef.of(spec.name()), "shape: " + symbolic(spec))));
    }
    if (axis == 0 && spec.type().hasJsonForm()) {
      add(Kind.SHAPE, "a shape of 2^62 values in " + spec.name(), Probe.NOWHERE, Expected.REFUSED, changed(spec, given.extent(0, 1L << 62)), sized);
      add(Kind.SHAPE, "a negative extent in " + spec.name(), Probe.NOWHERE, Expected.REFUSED, changed(spec, given.extent(0, -1)), sized);
    }
  }

  private static String symbolic(TensorSpec spec) {
    var shape = new ArrayList<>(spec.dimensions().stream().map(String::valueOf).toList());
    shape.set(0, "N");
    return "[" + String.join(",", shape) + "]";
  }

  private long sharers(String symbol) {
    return subject.contract().inputs().stream()
        .filter(spec -> spec.presence() == TensorSpec.Presence.REQUIRED || base.find(spec.name()).isPresent())
        .flatMap(spec -> spec.dimensions().stream())
        .filter(dimension -> dimension instanceof Dimension.Symbolic(String other) && other.equals(symbol))
        .count();
  }

  /// Nothing along an axis behind the first.
  private void empty(TensorSpec spec, Given given) {
    for (int axis = 1; axis < Math.min(given.shape().size(), spec.dimensions().size()); axis++) {
      Dimension dimension = spec.dimensions().get(axis);
      if (!(dimension instanceof Dimension.Fixed)) {
        Inputs changed = dimension instanceof Dimension.Symbolic(String symbol) ? emptied(symbol) : changed(spec, given.extent(axis, 0).holding(List.of()));
        add(Kind.EMPTY, "axis " + axis + " of " + spec.name() + " is 0 long", Probe.NOWHERE, Expected.EITHER, changed, Mend.of("fix the extent in the contract's shape, or the export"));
      }
    }
  }

  private Inputs emptied(String symbol) {
    return base.changingAll(given -> {
      Given changed = given;
      for (int axis = 0; axis < given.shape().size(); axis++) {
        if (dimension(given, axis) instanceof Dimension.Symbolic(String other) && other.equals(symbol)) {
          changed = changed.extent(axis, 0).holding(List.of());
        }
      }
      return changed;
    });
  }

  private Dimension dimension(Given given, int axis) {
    return subject.contract().findInput(given.name()).filter(spec -> axis < spec.dimensions().size()).map(spec -> spec.dimensions().get(axis)).orElse(new Dimension.Free());
  }

  /// No rows, as many as are allowed, one more, and many.
  private void rows() {
    boolean open = base.rows().isPresent() && base.all().stream().noneMatch(given -> dimension(given, 0) instanceof Dimension.Fixed);
    if (!open) {
      return;
    }
    List<Rule.Rows> rules = subject.contract().rules().stream().filter(Rule.Rows.class::isInstance).map(Rule.Rows.class::cast).toList();
    OptionalLong most = rules.stream().mapToLong(Rule.Rows::max).filter(max -> max < Long.MAX_VALUE).min();
    long least = rules.stream().mapToLong(Rule.Rows::min).max().orElse(0);
    String first = base.all().getFirst().name();
    Inputs none = base.changingAll(given -> given.extent(0, 0).holding(List.of()));
    probes.add(Probe.of(Kind.EMPTY, "a batch of 0 rows", least > 0 ? Expected.REFUSED : Expected.EITHER, none.call(subject.inferPath()))
        .mendedBy(Subject.rule("refuse it before the model, or fix the export", FieldRef.of(first), "rows: [1, null]")));
    long many = Math.min(ROWS_MAX, ELEMENTS_MAX * base.rows().orElse(1L) / Math.max(1, base.elements()));
    if (most.isPresent() && most.getAsLong() < many) {
      batch(most.getAsLong() + " rows, the most allowed", Expected.ANSWERED, most.getAsLong(), Probe.NOWHERE);
      batch(most.getAsLong() + 1 + " rows, one more than allowed", Expected.REFUSED, most.getAsLong() + 1, FieldRef.of(first));
    } else if (many > base.rows().orElse(1L)) {
      batch("a batch of " + many + " rows", Expected.EITHER, many, Probe.NOWHERE);
    }
  }

  private void batch(String title, Expected expected, long rows, FieldRef place) {
    Inputs many = base.changingAll(given -> given.rows(rows));
    probes.add(Probe.of(Kind.HUGE, title, place, expected, many.call(subject.inferPath())).mendedBy(Subject.rule("limit the rows, or give the model more time (limits.infer_timeout in contract.yaml)", FieldRef.of(base.all().getFirst().name()), "rows: [0, MOST]")));
  }

  private Inputs changed(TensorSpec spec, Given changed) {
    return base.changing(spec.name(), _ -> changed);
  }

  private void add(Kind kind, String title, TensorSpec spec, Expected expected, Inputs inputs, Mend mend) {
    add(kind, title, FieldRef.of(spec.name()), expected, inputs, mend);
  }

  private void add(Kind kind, String title, FieldRef place, Expected expected, Inputs inputs, Mend mend) {
    probes.add(Probe.of(kind, title, place, expected, inputs.call(subject.inferPath())).mendedBy(mend));
  }
}
