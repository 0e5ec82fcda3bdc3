package dev.faultline.isolation.rule;

/// One way in which a contract differs from another. `before` or `after` may be empty: it was not there, it is not there any more.
///
/// `about` is the field, or the output; `what` is the key of `contract.yaml` or `input`, `output`, `datatype`, `shape`, `columns`, `optional`.
public record RuleChange(String about, String what, String before, String after, Effect effect) {

  /// What it means for who sends requests.
  public enum Effect {
    /// Some requests that were accepted are not any more.
    STRICTER,
    /// Some that were refused are accepted.
    LOOSER,
    /// Both, or nobody can tell without the requests.
    EITHER,
    /// Nothing for requests: it is about answers.
    ANSWERS
  }
}
