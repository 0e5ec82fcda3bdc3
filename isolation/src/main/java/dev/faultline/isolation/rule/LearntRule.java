package dev.faultline.isolation.rule;

import dev.faultline.contract.FieldRef;

/// A rule that good requests teach: its key and value as `contract.yaml` writes them, and its support.
public record LearntRule(FieldRef field, String key, String value, String why, Support support) {

  public String name() {
    return field + "/" + key;
  }
}
