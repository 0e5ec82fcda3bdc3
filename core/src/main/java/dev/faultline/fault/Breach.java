package dev.faultline.fault;

/// One way in which a request breaks the contract.
///
/// `rule` is the last part of the code (`range`, `data_type`), `got` and `want` are texts for people.
public record Breach(FaultCode code, Field field, String got, String want) {

  public String rule() {
    return code.label().substring(code.label().indexOf('.') + 1);
  }

  /// What was found and what was expected, in one sentence.
  public String sentence() {
    String where = field.path().isEmpty() ? "the request" : field.path();
    return where + " is " + got + " (expected: " + want + ")";
  }
}
