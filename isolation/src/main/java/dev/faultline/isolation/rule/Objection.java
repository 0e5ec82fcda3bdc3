package dev.faultline.isolation.rule;

import dev.faultline.contract.FieldRef;

/// One reason why a contract refuses a request: which rule of which field, in words, and the validator's own sentence about the first breach.
///
/// `key` is the key of `contract.yaml` for a rule of it, and the last part of the fault's code (`null`, `data_type`, `dimension`, ...) for what
/// the model's types and shapes refuse.
public record Objection(FieldRef field, String key, String rule, String sentence) {

  /// Which rule it is, whatever the request.
  public String name() {
    return field + "/" + key;
  }
}
