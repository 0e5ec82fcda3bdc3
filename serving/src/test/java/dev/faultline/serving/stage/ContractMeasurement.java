package dev.faultline.serving.stage;

import com.sun.management.ThreadMXBean;
import dev.faultline.contract.Contract;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// CPU time and allocation of VALIDATE and CHECK for sound requests. A program, not a test; its numbers stand in `RATIONALE.md`.
final class ContractMeasurement {
  private ContractMeasurement() {}

  public static void main(String[] args) {
    var specs = new ArrayList<TensorSpec>();
    var rules = new ArrayList<Rule>();
    var inputs = new ArrayList<InputTensor>();
    for (int i = 0; i < 12; i++) {
      boolean text = i % 3 == 0;
      specs.add(Given.spec("f" + i, text ? DataType.BYTES : DataType.FP32, "n", 1));
      rules.add(text ? new Rule.AllowedValues(FieldRef.of("f" + i), Set.of("a", "b", "c")) : new Rule.Range(FieldRef.of("f" + i), 0, 9));
      inputs.add(InputTensor.of(text ? Tensor.strings("f" + i, Shape.of(1, 1), List.of("b")) : Tensor.floats("f" + i, Shape.of(1, 1), 3), Layout.FLAT, i));
    }
    validate("12 columns of 1 row", Given.contract(specs, rules.toArray(Rule[]::new)), Given.request(inputs.toArray(InputTensor[]::new)), 400_000);

    float[] large = new float[12_500_000];
    Arrays.fill(large, 0.5f);
    var wide = Given.spec("x", DataType.FP32, "n", 10).withColumns(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"));
    InferenceRequest table = Given.request(Tensor.floats("x", Shape.of(1_250_000, 10), large));
    validate("50 MB, finite", Given.contract(List.of(wide), new Rule.Finite(Given.X)), table, 60);
    validate("50 MB, range", Given.contract(List.of(wide), new Rule.Range(Given.X, 0, 1)), table, 60);
    validate("50 MB, range of one column", Given.contract(List.of(wide), new Rule.Range(new FieldRef("x", "c"), 0, 1)), table, 60);

    var promised = Given.promising(List.of(), List.of(), List.of(Given.spec("p", DataType.FP32, "n", 10)), new Expectation.Finite(FieldRef.of("p"), Expectation.Mode.OBSERVE), new Expectation.Range(FieldRef.of("p"), 0, 1, Expectation.Mode.OBSERVE));
    var checker = new ContractChecker(promised, _ -> false);
    check("check 1 row of 10", checker, new Validated(table, List.of()), List.of(Tensor.floats("p", Shape.of(1, 10), Arrays.copyOf(large, 10))), 1_000_000);
    check("check 50 MB", checker, new Validated(table, List.of()), List.of(Tensor.floats("p", Shape.of(1_250_000, 10), large)), 60);
  }

  private static void validate(String name, Contract contract, InferenceRequest request, int runs) {
    var validator = new ContractValidator(contract, _ -> false);
    measure(name, runs, () -> validator.validate(request));
  }

  private static void check(String name, ContractChecker checker, Validated validated, List<Tensor> outputs, int runs) {
    measure(name, runs, () -> checker.check(validated, outputs, List.of()));
  }

  /// The second half counts; the first warms up.
  private static void measure(String name, int runs, Runnable stage) {
    var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long start = 0;
    long bytes = 0;
    for (int run = 0; run < runs; run++) {
      if (run == runs / 2) {
        start = thread.getCurrentThreadCpuTime();
        bytes = thread.getCurrentThreadAllocatedBytes();
      }
      stage.run();
    }
    int counted = runs - runs / 2;
    System.out.printf("%-28s %12.3f us %8d bytes%n", name, (thread.getCurrentThreadCpuTime() - start) / 1e3 / counted, (thread.getCurrentThreadAllocatedBytes() - bytes) / counted);
  }
}
