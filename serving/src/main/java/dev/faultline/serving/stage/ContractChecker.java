package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.Expectation.Mode;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.RequestedOutput;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// CHECK as a contract promises it. Everything that does not depend on the request is worked out once, at load.
///
/// There is one fault for each promise that an output breaks. What is not finite comes first, since other breaks tend to follow from
/// it; then the rest in the order of codes and outputs. The first enforced one is thrown, with all others in its evidence; when none
/// is enforced, all are suspicions.
public final class ContractChecker implements Checker {
  private final Map<String, OutputPlan> plans = new HashMap<>();
  private final List<TensorSpec> inputs;
  private final boolean namesSymbols;
  private final LaunderedSort laundered;
  private final CheckFaultFromBroken faults;

  /// Values of fields for which `isHidden` holds never stand in a fault.
  public ContractChecker(Contract contract, Predicate<FieldRef> isHidden) {
    this.inputs = contract.inputs();
    for (TensorSpec spec : contract.outputs()) {
      List<Expectation> promises = contract.expectations().stream().filter(each -> each.field().tensor().equals(spec.name())).toList();
      plans.put(spec.name(), new OutputPlan(spec, promises, isHidden));
    }
    this.namesSymbols = contract.expectations().stream().anyMatch(Expectation.OfShape.class::isInstance);
    Predicate<String> hidesOutput = name -> plans.containsKey(name) ? plan(name).isHidden() : isHidden.test(FieldRef.of(name));
    this.laundered = new LaunderedSort(strictestFinite(contract), hidesOutput);
    boolean hidesInputs = contract.inputs().stream().anyMatch(spec -> hides(spec, isHidden));
    String source = contract.sources().isEmpty() ? "contract" : contract.sources().getLast();
    this.faults = new CheckFaultFromBroken(new CulpritSearch(contract), hidesOutput, hidesInputs, source);
  }

  /// The same for fields given by name, as `tensor` or `tensor.column`.
  public ContractChecker(Contract contract, List<String> redact) {
    this(contract, field -> redact.contains(field.toString()));
  }

  @Override
  public Checked check(Validated validated, List<Tensor> outputs, List<Watched> watched) {
    List<Broken> broken = broken(validated, outputs);
    List<Laundered> values = laundered(watched);
    List<Fault> suspicions = broken.isEmpty() && values.isEmpty() ? List.of() : judge(validated.request(), outputs, broken, values);
    return new Checked(wanted(validated.request(), outputs), suspicions);
  }

  private List<Broken> broken(Validated validated, List<Tensor> outputs) {
    var broken = new ArrayList<Broken>(0);
    Map<String, Long> symbols = namesSymbols ? symbols(validated) : Map.of();
    for (Tensor output : outputs) {
      OutputPlan plan = plans.get(output.name());
      if (plan != null) {
        plan.check(output, symbols, broken);
      }
    }
    return broken;
  }

  private static List<Laundered> laundered(List<Watched> watched) {
    var values = new ArrayList<Laundered>(0);
    for (Watched each : watched) {
      Laundered.find(each).ifPresent(values::add);
    }
    return values;
  }

  /// The suspicions, unless an enforced promise is broken.
  private List<Fault> judge(InferenceRequest request, List<Tensor> outputs, List<Broken> broken, List<Laundered> values) {
    List<BrokenPromise> promises =
        laundered.sort(broken, values, outputs).stream().sorted(Comparator.comparing(each -> each.broken().code())).toList();
    Optional<BrokenPromise> enforced = promises.stream().filter(BrokenPromise::isEnforced).findFirst();
    if (enforced.isPresent()) {
      List<BrokenPromise> others = promises.stream().filter(each -> !each.equals(enforced.get())).toList();
      throw new FaultException(faults.fault(enforced.get(), others, request));
    }
    return promises.stream().<Fault>map(each -> faults.fault(each, List.of(), request)).toList();
  }

  private static List<Tensor> wanted(InferenceRequest request, List<Tensor> outputs) {
    if (request.outputs().isEmpty()) {
      return outputs;
    }
    Map<String, Tensor> byName = outputs.stream().collect(Collectors.toMap(Tensor::name, each -> each));
    return request.outputs().stream().map(RequestedOutput::name).map(name -> wanted(name, byName)).toList();
  }

  /// VALIDATE has refused names that the contract does not know.
  private static Tensor wanted(String name, Map<String, Tensor> outputs) {
    Tensor output = outputs.get(name);
    if (output == null) {
      throw new IllegalStateException("the contract names output '" + name + "', which the version did not make (it made " + outputs.keySet() + ")");
    }
    return output;
  }

  private OutputPlan plan(String name) {
    OutputPlan plan = plans.get(name);
    if (plan == null) {
      throw new IllegalArgumentException("no output '" + name + "' (expected: one of " + plans.keySet() + ")");
    }
    return plan;
  }

  private Map<String, Long> symbols(Validated validated) {
    var extents = new HashMap<String, Long>();
    for (Tensor input : validated.inputs()) {
      inputs.stream().filter(spec -> spec.name().equals(input.name())).findFirst().ifPresent(spec -> learn(spec, input, extents));
    }
    return extents;
  }

  private static void learn(TensorSpec spec, Tensor input, Map<String, Long> extents) {
    for (int axis = 0; axis < spec.dimensions().size(); axis++) {
      if (spec.dimensions().get(axis) instanceof Dimension.Symbolic(String symbol)) {
        extents.putIfAbsent(symbol, input.shape().extent(axis));
      }
    }
  }

  private static boolean hides(TensorSpec spec, Predicate<FieldRef> isHidden) {
    return isHidden.test(FieldRef.of(spec.name())) || spec.columns().stream().anyMatch(column -> isHidden.test(new FieldRef(spec.name(), column)));
  }

  private static Mode strictestFinite(Contract contract) {
    boolean enforced = contract.expectations().stream().anyMatch(each -> each instanceof Expectation.Finite && each.mode() == Mode.ENFORCE);
    return enforced ? Mode.ENFORCE : Mode.OBSERVE;
  }
}
