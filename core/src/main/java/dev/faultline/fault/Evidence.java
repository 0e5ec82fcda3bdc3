package dev.faultline.fault;

import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// A typed fact that supports a fault. `kind` in `fault.v1` is the record's name in lower case.
public sealed interface Evidence {

  /// A value and what would have been allowed; `source` says who allows it (`contract.yaml`, `graph`, `initializer emb[249,16]`).
  record Value(String got, String allowed, String source) implements Evidence {}

  /// What the engine said, word for word.
  record Engine(String engine, String code, String message) implements Evidence {}

  /// What a tensor looked like at some place on the way: `input`, `step impute_speed`, `node /dense/MatMul`.
  record Summary(String at, TensorSummary summary) implements Evidence {}

  /// A limit that was met, both in the same unit (`ms`, `bytes`, `requests`).
  record Limit(String name, double got, double limit, String unit) implements Evidence {}

  /// A value that an operator turned from non-finite into something that looks sound.
  record Swallowed(NodeRef by, String value, long nonfinite) implements Evidence {}

  /// The batch that a request ran in: `requests` in it, their `rows`, `firstRow` where this request's rows began, `calls` the extra runs
  /// that were spent on finding out who is guilty, and what they showed.
  record Batch(int requests, int rows, int firstRow, int calls, String finding) implements Evidence {}

  /// Which `version`'s answer to the same request was expected. `rollout` is the shadow that compared the two, empty outside one. `saysOtherwise`: another
  /// label or winner, or another form of answer; otherwise only numbers are further apart than the tolerance.
  record Compared(String version, String rollout, boolean saysOtherwise) implements Evidence {}

  /// How a process ended. `exitCode` is as the system reports it: 128 plus the signal's number after a signal, and 1 when a JVM wrote
  /// its crash log first. `signal` (`SIGSEGV`), `place` (the frame that the crash log blames), `thread` and `log` (the crash log's
  /// file) are empty when unknown; `lines` is what it said last, shortened.
  record Death(int exitCode, String signal, String place, String thread, String log, List<String> lines) implements Evidence {
    public Death {
      lines = List.copyOf(lines);
    }
  }
}
