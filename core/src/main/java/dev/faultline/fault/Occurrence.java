package dev.faultline.fault;

import java.time.Instant;

/// A fault with its id and its time: what answers, logs, captures and groups refer to.
public record Occurrence(String id, Fault fault, Instant occurredAt) {

  public static final String ID_PREFIX = "flt_";
}
