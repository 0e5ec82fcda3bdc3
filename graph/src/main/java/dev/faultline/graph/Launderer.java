package dev.faultline.graph;

import java.util.List;

/// A place where a non-finite number can turn into an answer that looks sure.
///
/// A check of the outputs alone misses what passes here: the class that `ArgMax` finds in a row of NaN is 0, a perfectly good
/// class. Looking at `watch` as well does not.
///
/// @param node the node that launders
/// @param kind how it launders
/// @param watch a float value that must be finite for the node's outputs to mean anything; neither an input nor an output of the
///     graph
/// @param reaches the graph outputs that depend on what the node makes, in order, at least one
public record Launderer(Node node, Kind kind, String watch, List<String> reaches) {

  /// How a non-finite number gets lost.
  public enum Kind {
    /// NaN compares as false with everything: `Greater`, `Equal`, `NonZero`, the threshold of `Shrink`.
    COMPARISON,
    /// An index or a one-hot row is found whatever the numbers are: `ArgMax`, `TopK`, `Hardmax`.
    RANKING,
    /// The largest or smallest element is kept, and NaN may be neither: `ReduceMax`, `MaxPool`.
    SELECTION,
    /// A type that has no NaN: `Cast` to integer or bool, `QuantizeLinear`; as text, NaN is a word.
    CONVERSION,
    /// A classifier names a class whatever its scores are: `LinearClassifier`, `SVMClassifier`.
    CLASSIFIER,
    /// A key that is not in the table gets the default: `LabelEncoder`, `OneHotEncoder`.
    LOOKUP,
    /// A number is drawn whatever the probabilities are: `Multinomial`, `Bernoulli`.
    SAMPLING,
    /// A power of which base or exponent does not count: `Pow(NaN, 0)` and `Pow(1, NaN)` are 1.
    POWER,
    /// One of the above inside the body of an `If`, `Loop` or `Scan`, or inside a model-local function.
    BODY
  }

  public Launderer {
    reaches = List.copyOf(reaches);
  }
}
