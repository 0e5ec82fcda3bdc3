package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Breach;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.NearestName;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.RequestedOutput;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// VALIDATE as a contract says it. Everything that does not depend on the request is worked out once, at load.
///
/// Breaches stand in this order: inputs that are missing, inputs and outputs that are unknown, then in the contract's order what is
/// wrong with type, rank and size of each input, with its dimensions, with its values. A tensor's values are judged only where its type, rank and size are right, because
/// otherwise it is not known which element is which.
public final class ContractValidator implements Validator {
  private final List<InputPlan> plans = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final List<String> inputNames;
  private final List<String> outputNames;
  private final Symbols symbols;
  private final String source;

  /// Values of fields for which `isHidden` holds never stand in a breach.
  public ContractValidator(Contract contract, Predicate<FieldRef> isHidden) {
    this.symbols = Symbols.of(contract);
    this.inputNames = contract.inputs().stream().map(TensorSpec::name).toList();
    this.outputNames = contract.outputs().stream().map(TensorSpec::name).toList();
    this.source = contract.sources().isEmpty() ? "contract" : contract.sources().getFirst();
    for (TensorSpec spec : contract.inputs()) {
      List<Rule> rules = contract.rules().stream().filter(rule -> rule.field().tensor().equals(spec.name())).toList();
      positions.put(spec.name(), plans.size());
      plans.add(new InputPlan(spec, rules, symbols, isHidden, contract.sources()));
    }
  }

  /// The same for fields given by name, as `tensor` or `tensor.column`.
  public ContractValidator(Contract contract, List<String> redact) {
    this(contract, field -> redact.contains(field.toString()));
  }

  @Override
  public Validated validate(InferenceRequest request) {
    var given = new @Nullable InputTensor[plans.size()];
    var surplus = new ArrayList<InputTensor>(0);
    match(request, given, surplus);
    var breaches = new Breaches();
    checkNames(request, given, surplus, breaches);
    checkTensors(given, breaches);
    if (!breaches.isEmpty()) {
      throw new FaultException(breaches.fault());
    }
    return new Validated(request, tensors(given));
  }

  /// Puts inputs into the contract's order; what finds no place, or a second one for the same place, is surplus.
  private void match(InferenceRequest request, @Nullable InputTensor[] given, List<InputTensor> surplus) {
    for (InputTensor input : request.inputs()) {
      Integer position = positions.get(input.name());
      if (position == null || given[position] != null) {
        surplus.add(input);
      } else {
        given[position] = input;
      }
    }
  }

  private void checkNames(InferenceRequest request, @Nullable InputTensor[] given, List<InputTensor> surplus, Breaches breaches) {
    for (int i = 0; i < given.length; i++) {
      TensorSpec spec = plans.get(i).spec();
      if (given[i] == null && spec.presence() == TensorSpec.Presence.REQUIRED) {
        breaches.add(source, () -> missing(spec, request));
      }
    }
    for (InputTensor input : surplus) {
      breaches.add(source, () -> unknown(input));
    }
    for (int i = 0; i < request.outputs().size(); i++) {
      RequestedOutput output = request.outputs().get(i);
      int position = i;
      if (!outputNames.contains(output.name())) {
        breaches.add(source, () -> unknown(output, position, request));
      }
    }
  }

  private void checkTensors(@Nullable InputTensor[] given, Breaches breaches) {
    var ranked = new @Nullable InputTensor[given.length];
    boolean[] sound = new boolean[given.length];
    for (int i = 0; i < given.length; i++) {
      InputTensor input = given[i];
      if (input != null) {
        sound[i] = plans.get(i).isWellFormed(input, breaches);
        ranked[i] = plans.get(i).hasRank(input) ? input : null;
      }
    }
    checkDimensions(ranked, breaches);
    for (int i = 0; i < given.length; i++) {
      InputTensor input = given[i];
      if (input != null && sound[i]) {
        plans.get(i).checkValues(input, breaches);
      }
    }
  }

  private void checkDimensions(@Nullable InputTensor[] ranked, Breaches breaches) {
    long[] agreed = symbols.extents(ranked);
    for (int i = 0; i < ranked.length; i++) {
      InputTensor input = ranked[i];
      if (input != null) {
        plans.get(i).checkDimensions(i, input, agreed, symbols, ranked, breaches);
      }
    }
  }

  private static List<Tensor> tensors(@Nullable InputTensor[] given) {
    var tensors = new ArrayList<Tensor>(given.length);
    for (InputTensor input : given) {
      if (input != null) {
        tensors.add(input.tensor());
      }
    }
    return tensors;
  }

  private static Breach missing(TensorSpec spec, InferenceRequest request) {
    String want = "an input " + spec.type() + spec.wireShape().toString().replace(" ", "");
    return new Breach(FaultCode.VALIDATE_MISSING_INPUT, Field.input(spec.name(), inputsPointer(request)), "missing", want);
  }

  private Breach unknown(InputTensor input) {
    boolean twice = positions.containsKey(input.name());
    String want = twice ? "each input once" : oneOf(input.name(), inputNames);
    return new Breach(FaultCode.VALIDATE_UNKNOWN_INPUT, input.field(), twice ? "given twice" : "unknown", want);
  }

  private Breach unknown(RequestedOutput output, int position, InferenceRequest request) {
    String pointer = inputsPointer(request).equals("/inputs") ? "/outputs/" + position : "";
    var field = new Field(Field.output(output.name()).path(), output.name(), List.of(), "", pointer);
    return new Breach(FaultCode.VALIDATE_UNKNOWN_OUTPUT, field, "unknown", oneOf(output.name(), outputNames));
  }

  private static String oneOf(String given, Collection<String> known) {
    String hint = NearestName.of(given, known).map(name -> "; did you mean '" + name + "'?").orElse("");
    return Shown.values(known) + hint;
  }

  /// Where the inputs of a JSON payload stand, as the first input tells.
  private static String inputsPointer(InferenceRequest request) {
    if (request.inputs().isEmpty()) {
      return "/inputs";
    }
    return switch (request.inputs().getFirst().layout()) {
      case FLAT, NESTED, CONTENTS -> "/inputs";
      case RECORDS, ROWS -> "/instances";
      case BINARY -> "";
    };
  }
}
