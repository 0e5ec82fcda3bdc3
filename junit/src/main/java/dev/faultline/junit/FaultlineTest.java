package dev.faultline.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test class that gets models: they are loaded before its first test as the server would load them, and closed after its last.
///
/// Methods, constructors and lifecycle methods of the class may take
/// - a [FaultlineClient], which sends requests through all nine stages, without HTTP,
/// - [SeenFaults], the faults and suspicions that those requests ended with,
/// - [EdgeCases], odd requests made from the contract, for a `@TestFactory`,
/// - [Steps], preprocessing and postprocessing on their own.
///
/// ```java
/// @FaultlineTest(models = "src/main/models")
/// class CreditRiskTest {
///   @Test
///   void aYoungApplicantIsAnswered(FaultlineClient client) {
///     client.infer("credit-risk", """
///         {"inputs": [{"name": "age", "datatype": "FP32", "shape": [1], "data": [18]}]}""").requireClean();
///   }
///
///   @TestFactory
///   Stream<DynamicTest> failsWell(EdgeCases cases) {
///     return cases.of("credit-risk");
///   }
/// }
/// ```
///
/// Tests may run at once: what one sends is not in another's [SeenFaults]. Nested classes share the models of the class around them,
/// unless they bear the annotation themselves.
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(FaultlineExtension.class)
public @interface FaultlineTest {

  /// Where the models are: model repositories, model folders or `.onnx` files, as `faultline serve` takes them. Relative to the folder that the
  /// tests run in, which is that of the Maven or Gradle module; `classpath:models` is looked for among the resources.
  String[] models();

  /// Which of them to load, as `name` or `name/version`. Empty: all. Each must become ready, or no test of the class runs.
  String[] only() default {};
}
