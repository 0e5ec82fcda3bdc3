package dev.faultline.graph;

/// Bytes or a request about a graph that cannot be followed; the message says what was found and what was expected.
public final class GraphException extends RuntimeException {

  /// What was wrong, for callers that decide on it.
  public enum Problem {
    /// The file cannot be read.
    UNREADABLE,
    /// There are no bytes.
    EMPTY,
    /// The bytes are something else, such as a web page or a Python pickle.
    OTHER_FORMAT,
    /// The bytes end early or are damaged.
    DAMAGED,
    /// The bytes parse but hold no graph.
    NO_GRAPH,
    /// The graph breaks a rule without which it cannot be read: a cycle, or a value made twice.
    INVALID,
    /// A value was asked for that the graph does not have.
    UNKNOWN_VALUE
  }

  private static final long serialVersionUID = 1L;

  private final Problem problem;

  GraphException(Problem problem, String message) {
    super(message);
    this.problem = problem;
  }

  GraphException(Problem problem, String message, Throwable cause) {
    super(message, cause);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
