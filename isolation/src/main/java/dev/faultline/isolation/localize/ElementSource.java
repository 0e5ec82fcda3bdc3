package dev.faultline.isolation.localize;

import dev.faultline.fault.Field;
import java.util.List;
import java.util.stream.Collectors;

/// An element of a graph input or of an initializer from which an offending element comes.
///
/// `index` holds its coordinates and is empty when the whole tensor is meant (and for a scalar); `got` is its value, empty with [Relation#MIXED].
public record ElementSource(Operand.Source source, String value, List<Long> index, String got, Relation relation) {

  /// What happened on the way to the offending element.
  public enum Relation {
    /// It was moved and cast, nothing else: it is the same element.
    UNCHANGED,
    /// Arithmetic that works element by element made the offending element of it.
    COMPUTED,
    /// Many elements went into one: only the tensor can be named.
    MIXED
  }

  public ElementSource {
    index = List.copyOf(index);
  }

  /// The place in the request, for a source that is a graph input.
  public Field field() {
    String place = index.isEmpty() ? "" : index.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    return new Field("inputs/" + value + place, value, index, "", "");
  }

  /// As in messages: `inputs/x[0,7]`, `initializer std[7]`.
  public String place() {
    return source == Operand.Source.INPUT ? field().path() : "initializer " + field().path().substring("inputs/".length());
  }
}
