package dev.faultline.serving.stage;

import dev.faultline.request.InputTensor;

/// The rules about the values of one input, made ready at load. Where a tensor's columns have rules of their own there is one rule
/// for each column, otherwise one for all elements.
sealed interface ValueRules permits NumberRules, TextRules {

  /// Reports every element that breaks a rule, in row-major order.
  void check(InputTensor input, ElementBreaches breaches);
}
