package dev.faultline.isolation.rule;

import dev.faultline.tensor.Tensor;

/// What good requests held in one field, gathered request by request. A request may hold many values of a field, which are not independent of
/// each other: so support counts requests.
interface FieldSurvey {

  /// One value of request number `request`; all values of one request come one after the other.
  void add(Tensor tensor, int flat, int request);

  /// A value that was missing: null, an absent member.
  void addMissing();

  /// The request's values are all there.
  void endRequest(int request);

  FieldLesson lesson(Known known, double riskMax);
}
