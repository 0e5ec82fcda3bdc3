package dev.faultline.protocol;

import dev.faultline.fault.Fault;

/// How much an answer tells: the configuration key `errors.detail`.
public enum DetailLevel {
  /// Names field and rule. Echoes no values, no limits, no graph nodes, no steps, no engine messages: for callers one does not know.
  PUBLIC,
  /// Everything.
  INTERNAL;

  /// The fault in one sentence.
  public String sentence(Fault fault) {
    return switch (this) {
      case INTERNAL -> Excerpt.sound(fault.summary());
      case PUBLIC -> fault.code().title() + fault.field().map(field -> ": " + Excerpt.sound(field.path())).orElse("");
    };
  }
}
