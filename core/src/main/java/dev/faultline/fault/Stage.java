package dev.faultline.fault;

import java.util.Locale;

/// The nine stages of a request, in order.
public enum Stage {
  DECODE,
  ROUTE,
  VALIDATE,
  PREPROCESS,
  QUEUE,
  INFER,
  POSTPROCESS,
  CHECK,
  ENCODE;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// Lower case, as in codes, metrics and `Server-Timing`.
  public String label() {
    return label;
  }
}
