package dev.faultline.graph;

/// A node that some input can make fail, kill the process, or answer nonsense, found by looking at the graph alone.
///
/// `words` says what can go wrong and for which operand.
public record Risk(Placed at, Kind kind, String words) {

  /// What can go wrong, the worst first.
  public enum Kind {
    /// The process may die: overflow of an integer division, a recurrent node without rows.
    CRASH,
    /// An integer division by zero, which fails.
    DIVISION,
    /// An index that comes from the request.
    LOOKUP,
    /// Text that must be a number.
    TEXT,
    /// Sizes, counts or axes that come from the request.
    SIZE,
    /// A function with numbers that it does not take, and nothing in front of it that keeps them out.
    DOMAIN,
    /// A function whose result may be larger than its type can hold.
    OVERFLOW,
    /// A cast that loses digits or overflows.
    PRECISION,
    /// NaN that comes in goes out as a number that looks sound.
    LAUNDERING
  }
}
