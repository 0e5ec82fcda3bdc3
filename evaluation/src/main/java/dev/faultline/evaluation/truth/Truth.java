package dev.faultline.evaluation.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a right verdict says about a seeded fault.
///
/// Where the world allows more than one right word, a set holds them all: a NaN that no rule refuses is seen by CHECK and made by INFER.
/// An empty member does not apply and is not scored; claiming one all the same counts as *more than is true*.
///
/// @param firstBad the first version with the fault; empty where versions are not to blame
/// @param fields places that must be named, all of them and no others
/// @param nodes names of which one must be named
/// @param initializers names of which one must be named
/// @param step the step to be named
/// @param boundary the value from which on it fails, or [Boundary#NONE]
public record Truth(
    Set<Cause> causes, Set<String> stages, String firstBad, Set<Place> fields, Set<String> nodes, Set<String> initializers, String step, Boundary boundary) {
  public Truth {
    causes = Set.copyOf(causes);
    stages = Set.copyOf(stages);
    fields = Set.copyOf(fields);
    nodes = Set.copyOf(nodes);
    initializers = Set.copyOf(initializers);
  }

  /// Values at or beyond `value` fail; `tolerance` is how far a claimed boundary may be off.
  public record Boundary(List<String> operators, double value, double tolerance) {
    public static final Boundary NONE = new Boundary(List.of(), Double.NaN, 0);

    public Boundary {
      operators = List.copyOf(operators);
    }
  }

  public static Truth of(Cause cause, Cause... others) {
    return new Truth(Set.copyOf(concat(cause, others)), Set.of(), "", Set.of(), Set.of(), Set.of(), "", Boundary.NONE);
  }

  public Truth stages(String... names) {
    return new Truth(causes, Set.of(names), firstBad, fields, nodes, initializers, step, boundary);
  }

  public Truth firstBad(String version) {
    return new Truth(causes, stages, version, fields, nodes, initializers, step, boundary);
  }

  public Truth fields(Place... places) {
    return new Truth(causes, stages, firstBad, Set.of(places), nodes, initializers, step, boundary);
  }

  public Truth nodes(String... names) {
    return new Truth(causes, stages, firstBad, fields, Set.of(names), initializers, step, boundary);
  }

  public Truth initializers(String... names) {
    return new Truth(causes, stages, firstBad, fields, nodes, Set.of(names), step, boundary);
  }

  public Truth step(String name) {
    return new Truth(causes, stages, firstBad, fields, nodes, initializers, name, boundary);
  }

  public Truth boundary(double value, double tolerance, String... operators) {
    return new Truth(causes, stages, firstBad, fields, nodes, initializers, step, new Boundary(List.of(operators), value, tolerance));
  }

  private static List<Cause> concat(Cause first, Cause... others) {
    var all = new ArrayList<>(List.of(others));
    all.add(first);
    return all;
  }
}
