package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.request.InputTensor;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Leads from a tensor inside the pipeline back to the request's field. A value is the caller's own only as long as no step has
/// touched its tensor, which identity tells: steps pass on what they leave alone.
public final class CallerTrace {
  private final Validated validated;
  private final Contract contract;

  public CallerTrace(Validated validated, Contract contract) {
    this.validated = validated;
    this.contract = contract;
  }

  /// The request's field that `tensor` still is; `flat` -1 means all of it.
  @SuppressWarnings("ReferenceEquality") // identity is what tells the caller's own tensor from one made of it
  public Optional<Field> field(Tensor tensor, long flat) {
    for (Tensor input : validated.inputs()) {
      if (input == tensor) {
        return validated.request().findInput(input.name()).map(found -> field(found, flat));
      }
    }
    return Optional.empty();
  }

  /// Runs the model and gives a fault of its the caller's fields.
  public RunResult run(List<Tensor> engineInputs, Supplier<RunResult> run) {
    try {
      return run.get();
    } catch (FaultException e) {
      throw e.fault() instanceof InferFault fault ? new FaultException(traced(fault, engineInputs), e) : e;
    }
  }

  /// The same fault with the caller's fields for the engine's operands, or with the blame on the model where the operand is not the
  /// caller's own value.
  private InferFault traced(InferFault fault, List<Tensor> engineInputs) {
    return switch (fault) {
      case InferFault.NodeFailed f -> {
        List<Field> fields = callers(f.culprits(), engineInputs);
        yield new InferFault.NodeFailed(f.at(), f.reason(), blame(f.blame(), fields), fields, f.evidence(), f.causes());
      }
      case InferFault.Failed f -> {
        List<Field> fields = callers(f.culprits(), engineInputs);
        yield new InferFault.Failed(f.reason(), blame(f.blame(), fields), fields, f.evidence(), f.causes());
      }
      case InferFault.Timeout _, InferFault.OutOfMemory _, InferFault.BatchBudget _, InferFault.Crashed _ -> fault;
    };
  }

  private static Blame blame(Blame engines, List<Field> fields) {
    return engines == Blame.CALLER && fields.isEmpty() ? Blame.MODEL : engines;
  }

  private List<Field> callers(List<Field> operands, List<Tensor> engineInputs) {
    return operands.stream().flatMap(operand -> caller(operand, engineInputs).stream()).toList();
  }

  private Optional<Field> caller(Field operand, List<Tensor> engineInputs) {
    return engineInputs.stream()
        .filter(tensor -> tensor.name().equals(operand.tensor()))
        .findFirst()
        .flatMap(tensor -> field(tensor, flat(tensor.shape(), operand.index())));
  }

  private Field field(InputTensor input, long flat) {
    if (flat < 0) {
      return input.field();
    }
    List<String> columns = contract.findInput(input.name()).map(spec -> spec.columns()).orElse(List.of());
    return input.field(flat, columns);
  }

  private static long flat(Shape shape, List<Long> index) {
    if (index.size() != shape.rank() || index.isEmpty()) {
      return shape.rank() == 0 && index.isEmpty() ? 0 : -1;
    }
    long flat = 0;
    for (int axis = 0; axis < index.size(); axis++) {
      flat = flat * shape.extent(axis) + index.get(axis);
    }
    return flat;
  }
}
