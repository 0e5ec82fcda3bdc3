package dev.faultline.junit;

import dev.faultline.fault.Fault;
import dev.faultline.request.StepRun;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import org.opentest4j.AssertionFailedError;

/// What came out of steps: tensors, what each step did, and the fault that ended them, if one did.
public record StepAnswer(List<Tensor> tensors, List<StepRun> runs, List<Fault> faults) {
  public StepAnswer {
    tensors = List.copyOf(tensors);
    runs = List.copyOf(runs);
    faults = List.copyOf(faults);
  }

  public Optional<Fault> fault() {
    return faults.stream().findFirst();
  }

  /// A tensor behind the last step. Fails the test when a step failed, or there is none of that name.
  public Tensor tensor(String name) {
    fault().ifPresent(fault -> {
      throw new AssertionFailedError("expected tensor '" + name + "'" + Answer.words(fault));
    });
    return Answer.named(tensors, name, "tensor");
  }

  /// All elements of a tensor of numbers, row after row.
  public List<Double> numbers(String name) {
    Tensor tensor = tensor(name);
    return java.util.stream.IntStream.range(0, tensor.count()).mapToObj(tensor::doubleAt).toList();
  }

  /// Fails the test unless a step ended with this fault.
  ///
  /// @param code such as `preprocess.step_failed`
  public Fault requireFault(String code) {
    return faults.stream()
        .filter(fault -> fault.code().label().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionFailedError("expected the fault " + code + (faults.isEmpty() ? ", but the steps gave " + tensors : Answer.words(faults.getFirst()))));
  }
}
