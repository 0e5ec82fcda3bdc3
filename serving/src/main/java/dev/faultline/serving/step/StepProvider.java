package dev.faultline.serving.step;

import java.util.Map;

/// A kind of step that Java code brings, found with [java.util.ServiceLoader]: name the class in
/// `META-INF/services/dev.faultline.serving.step.StepProvider`.
///
/// A version then uses it like a built-in one: `{name: wind, step: <kind>, ...}`.
public interface StepProvider {

  /// The word that stands under `step:`. It must not be that of a built-in step.
  String kind();

  /// A step for one use of the kind. `options` are all other keys of the declaration as plain Java values: String, Integer, Long, Double,
  /// Boolean, List, Map. The step is shared by all requests of the version.
  ///
  /// @throws IllegalArgumentException when the options are wrong; the message says what was expected and becomes a load problem
  Step create(String name, Map<String, Object> options);
}
