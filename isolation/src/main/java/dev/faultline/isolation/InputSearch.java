package dev.faultline.isolation;

import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Field;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Boundary;
import dev.faultline.isolation.reduce.BoundarySearch;
import dev.faultline.isolation.reduce.Limit;
import dev.faultline.isolation.reduce.PrefixBisection;
import dev.faultline.isolation.reduce.Reduction;
import dev.faultline.isolation.replay.RememberingOracle;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Outcome;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds the parts of a failing request that make a passing one fail, and from which value on.
///
/// Longer than most because one oracle serves reduction, boundary and reproduction alike.
final class InputSearch {
  /// Fields whose boundary is looked for.
  private static final int BOUNDARIES_MAX = 2;

  private final Trials lab;
  private final Target target;
  private final Setup setup;
  private final Arrival arrival;
  private final Substitution substitution;
  private final Specimen baseline;
  private final List<TensorSpec> specs;
  private final RememberingOracle<List<Part>> oracle = new RememberingOracle<>(this::test);
  private Optional<Outcome> smallest = Optional.empty();

  InputSearch(Trials lab, Target target, Setup setup, Arrival arrival, InferenceRequest failing, Specimen baseline, Contract contract, Substitution.Fit fit) {
    this.lab = lab;
    this.target = target;
    this.setup = setup;
    this.arrival = arrival;
    this.substitution = new Substitution(failing, baseline.request().orElseThrow(), fit);
    this.baseline = baseline;
    this.specs = contract.inputs();
  }

  /// Whether the passing request had to be made longer or shorter than it is, other than in rows.
  boolean isFittedBeyondRows() {
    return substitution.isFittedBeyondRows();
  }

  /// Takes in that the passing request was seen to pass on the version: then it is not run again, unless it had to be made to fit.
  InputSearch seenToPass() {
    if (!substitution.isFitted()) {
      oracle.learn(List.of(), TrialResult.PASS);
    }
    return this;
  }

  /// `suspects` are what the fault and attribution name, the likeliest first: fields that are tried before all others.
  InputFinding run(List<Field> suspects, Notes notes) {
    Reduction<Part> reduction = new PrefixBisection<>(oracle, lab.budget()).reduce(ordered(suspects));
    return switch (reduction.state()) {
      case MINIMAL, PARTIAL -> found(reduction, notes);
      case BASELINE_FAILS, NOT_REPRODUCED -> {
        notes.add(Proof.Kind.REDUCTION, reduction.state() == Reduction.State.BASELINE_FAILS
            ? "the passing request " + baseline.id() + ", laid out like the failing one, fails too"
            : "a passing request with every value of the failing one does not fail: the difference lies outside the inputs");
        yield InputFinding.NONE;
      }
    };
  }

  private InputFinding found(Reduction<Part> reduction, Notes notes) {
    List<Part> kept = kept(reduction);
    if (kept.isEmpty()) {
      notes.add(Proof.Kind.LIMIT, "the budget was spent before the input could be reduced");
      return InputFinding.NONE;
    }
    boolean sufficient = oracle.test(kept) == TrialResult.FAIL;
    var fields = fields(kept, notes);
    notes.add(Proof.Kind.REDUCTION, "of %d values that differ from passing request %s, %d make%s it fail%s".formatted(
        substitution.parts().size(), baseline.id(), kept.size(), kept.size() == 1 ? "s" : "", reduction.isMinimal() ? "" : " (the budget was spent before that was minimal)"));
    if (reduction.necessary()) {
      notes.add(Proof.Kind.INTERVENTION, "the failing request passes with " + names(fields) + " of the passing one", 0, 1);
    }
    InferenceRequest request = substitution.with(Set.copyOf(kept));
    return new InputFinding(fields, sufficient && reduction.isMinimal(), reduction.necessary(), substitution.total(), List.of(request), smallest.stream().toList(), List.of(baseline), kept);
  }

  /// Of several causes, each of which is enough for this passing request, the one without which the failing request passes: a passing
  /// request that is close to failing fails with anything.
  private List<Part> kept(Reduction<Part> reduction) {
    List<List<Part>> causes = reduction.causes();
    for (List<Part> cause : causes.subList(Math.min(1, causes.size()), causes.size())) {
      var others = new ArrayList<>(substitution.parts());
      others.removeAll(cause);
      if (oracle.test(others) == TrialResult.PASS) {
        return cause;
      }
    }
    return reduction.kept();
  }

  private List<BlamedField> fields(List<Part> kept, Notes notes) {
    Optional<Length> length = Length.of(substitution, kept);
    if (length.isPresent()) {
      return lengths(length.get(), kept, notes);
    }
    var fields = new ArrayList<BlamedField>();
    for (Part part : kept) {
      fields.add(field(part, kept, fields.size() < BOUNDARIES_MAX, notes));
    }
    return fields;
  }

  /// Inputs that differ by how long they are along one axis: from which length on does it fail?
  private List<BlamedField> lengths(Length length, List<Part> kept, Notes notes) {
    Boundary boundary = new BoundarySearch(lab.budget()).whole(
        at -> run(substitution.with(Set.copyOf(kept), length.cut(at))).result(), length.passing(), length.failing(), 0, Math.max(length.passing(), length.failing()));
    boolean known = !boundary.limits().isEmpty() && boundary.state() != Boundary.State.PARTIAL;
    if (known) {
      notes.add(Proof.Kind.REDUCTION, "axis " + length.axis() + " of " + String.join(", ", length.tensors()) + " fails " + boundary + ", found in " + boundary.trials() + " trials");
    }
    return kept.stream().map(part -> field(part, kept, false, notes)).map(field -> known ? field.within(boundary.limits()) : field).toList();
  }

  private TrialResult test(List<Part> parts) {
    Trials.Run run = run(substitution.with(Set.copyOf(parts)));
    if (run.failed()) {
      smallest = run.outcome();
    }
    return run.result();
  }

  private Trials.Run run(InferenceRequest request) {
    return lab.run(setup, new Subject.Edited(request, arrival), target);
  }

  private List<Part> ordered(List<Field> suspects) {
    List<Part> parts = substitution.parts();
    var first = new ArrayList<Part>();
    for (Field suspect : suspects) {
      parts.stream().filter(part -> isAt(part, suspect) && !first.contains(part)).forEach(first::add);
    }
    var rest = new ArrayList<>(first);
    var seen = new HashSet<>(first);
    parts.stream().filter(part -> !seen.contains(part)).forEach(rest::add);
    return rest;
  }

  private boolean isAt(Part part, Field suspect) {
    if (!part.tensor().equals(suspect.tensor()) || part.tensor().isEmpty()) {
      return false;
    }
    return switch (part) {
      case Part.Element element -> {
        Field field = place(element);
        boolean sameColumn = suspect.index().isEmpty() && field.column().equals(suspect.column());
        boolean sameLast = suspect.index().size() == 1 && !field.index().isEmpty() && field.index().getLast().equals(suspect.index().getFirst());
        yield field.index().equals(suspect.index()) || (suspect.index().isEmpty() && suspect.column().isEmpty()) || (!suspect.column().isEmpty() && sameColumn) || sameLast;
      }
      case Part.Whole _ -> true;
      case Part.Envelope _ -> false;
    };
  }

  private BlamedField field(Part part, List<Part> kept, boolean withBoundary, Notes notes) {
    return switch (part) {
      case Part.Element element -> element(element, kept, withBoundary, notes);
      case Part.Whole(String tensor) -> new BlamedField(
          substitution.failing(tensor).map(InputTensor::field).orElse(Field.input(tensor, "")),
          substitution.failing(tensor).map(this::whole).orElse(Reading.MISSING),
          substitution.passing(tensor).map(this::whole).orElse(Reading.MISSING),
          List.of());
      case Part.Envelope _ -> new BlamedField(Field.member("parameters", "/parameters"), Reading.MISSING, Reading.MISSING, List.of());
    };
  }

  /// Two inputs that differ as wholes: by data type, otherwise by shape.
  private Reading whole(InputTensor input) {
    Optional<InputTensor> before = substitution.passing(input.name());
    Optional<InputTensor> after = substitution.failing(input.name());
    boolean sameType = before.isPresent() && after.isPresent() && before.get().tensor().type() == after.get().tensor().type();
    return sameType || before.isEmpty() || after.isEmpty() ? Readings.shape(input.tensor()) : Reading.of(input.tensor().type().name());
  }

  private BlamedField element(Part.Element at, List<Part> kept, boolean withBoundary, Notes notes) {
    Reading value = Readings.of(substitution.failing(at.tensor()).orElseThrow(), at.flat());
    Reading before = Readings.of(substitution.passing(at.tensor()).orElseThrow(), at.flat());
    List<Limit> limits = withBoundary ? boundary(at, kept, before, value, notes) : List.of();
    return new BlamedField(place(at), value, before, limits);
  }

  private List<Limit> boundary(Part.Element at, List<Part> kept, Reading before, Reading value, Notes notes) {
    if (!isNumber(before) || !isNumber(value)) {
      return List.of();
    }
    InferenceRequest failing = substitution.with(Set.copyOf(kept));
    Boundary boundary = new BoundarySearch(lab.budget())
        .of(reading -> test(failing, at, reading), before, value, substitution.failing(at.tensor()).orElseThrow().tensor().type());
    if (boundary.limits().isEmpty() || boundary.state() == Boundary.State.PARTIAL) {
      notes.add(Proof.Kind.LIMIT, "the budget was spent before the boundary of " + place(at).path() + " was found");
      return List.of();
    }
    notes.add(Proof.Kind.REDUCTION, place(at).path() + " fails " + boundary + ", found in " + boundary.trials() + " trials");
    return boundary.limits();
  }

  private TrialResult test(InferenceRequest failing, Part.Element at, Reading reading) {
    Tensor like = substitution.failing(at.tensor()).orElseThrow().tensor();
    return Readings.tensor(at.tensor(), like.type(), reading)
        .map(value -> run(Substitution.with(failing, at, value)).result())
        .orElse(TrialResult.UNRESOLVED);
  }

  private Field place(Part.Element at) {
    InputTensor input = substitution.failing(at.tensor()).orElseThrow();
    List<String> columns = specs.stream().filter(spec -> spec.name().equals(at.tensor())).findFirst().map(TensorSpec::columns).orElse(List.of());
    return input.field(at.flat(), columns);
  }

  private static boolean isNumber(Reading reading) {
    return reading instanceof Reading.Whole || (reading instanceof Reading.Real(double value) && Double.isFinite(value));
  }

  /// What this passing request does when it is given parts that were found with another one.
  TrialResult with(List<Part> parts) {
    return oracle.test(parts);
  }

  /// Whether the failing request has these parts and this passing one does not; those that both have alike are left out.
  List<Part> differing(List<Part> parts) {
    return parts.stream().filter(substitution.parts()::contains).toList();
  }

  /// Whether elements of one finding are elements here too, and wholes wholes.
  boolean isLaidOutFor(List<Part> parts) {
    return parts.stream().allMatch(part -> substitution.parts().contains(new Part.Whole(part.tensor())) == (part instanceof Part.Whole));
  }

  private static String names(List<BlamedField> fields) {
    return String.join(", ", fields.stream().map(each -> each.field().path()).toList());
  }
}
