package dev.faultline.isolation.rule;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.fault.Breach;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.ValidateFault;
import dev.faultline.request.InferenceRequest;
import dev.faultline.serving.stage.ContractValidator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A contract put on trial: what it would say to a request, by the validator that serves requests.
///
/// A contract that accepts is asked once. Of one that refuses, each rule is asked by itself, beside what the types and shapes say anyway, so that every rule
/// that would refuse on its own is named, not the first. Missing values are allowed to all of them where the contract allows them.
public final class RuleTrial {
  private final ContractValidator whole;
  private final ContractValidator bare;
  private final Map<Rule, ContractValidator> single = new LinkedHashMap<>();

  /// Values of fields for which `isHidden` holds never stand in an objection.
  public RuleTrial(Contract contract, Predicate<FieldRef> isHidden) {
    List<Rule> missing = contract.rules().stream().filter(Rule.Nullable.class::isInstance).toList();
    this.whole = new ContractValidator(contract, isHidden);
    this.bare = new ContractValidator(with(contract, missing), isHidden);
    for (Rule rule : contract.rules()) {
      if (!(rule instanceof Rule.Nullable)) {
        var rules = new ArrayList<>(missing);
        rules.add(rule);
        single.put(rule, new ContractValidator(with(contract, rules), isHidden));
      }
    }
  }

  /// The contract without its rules about some fields: what can be asked of a request whose values there are not known.
  public static Contract without(Contract contract, Predicate<FieldRef> isHidden) {
    return with(contract, contract.rules().stream().filter(rule -> rule instanceof Rule.Rows || !isHidden.test(rule.field())).toList());
  }

  static Contract with(Contract contract, List<Rule> rules) {
    return new Contract(contract.inputs(), contract.outputs(), rules, contract.expectations(), contract.sources());
  }

  /// Why the contract refuses; empty when it accepts.
  public List<Objection> of(InferenceRequest request) {
    Optional<ValidateFault> fault = fault(whole, request);
    if (fault.isEmpty()) {
      return List.of();
    }
    Optional<ValidateFault> anyway = fault(bare, request);
    Map<String, Objection> objections = new LinkedHashMap<>();
    anyway.ifPresent(found -> found.breaches().forEach(breach -> add(objections, ofType(breach))));
    int known = anyway.map(ValidateFault::total).orElse(0);
    single.forEach((rule, validator) -> fault(validator, request)
        .filter(found -> found.total() > known)
        .ifPresent(found -> add(objections, new Objection(rule.field(), RuleWords.key(rule), RuleWords.of(rule), sentence(found, anyway)))));
    return objections.isEmpty() ? List.of(ofType(fault.get().breaches().getFirst())) : List.copyOf(objections.values());
  }

  private static void add(Map<String, Objection> objections, Objection objection) {
    objections.putIfAbsent(objection.name(), objection);
  }

  private static Objection ofType(Breach breach) {
    var field = new FieldRef(breach.field().tensor(), breach.field().column());
    return new Objection(field, breach.rule(), field + ": " + typeRule(breach), breach.sentence());
  }

  private static String typeRule(Breach breach) {
    return switch (breach.code()) {
      case VALIDATE_MISSING_INPUT -> "required";
      case VALIDATE_UNKNOWN_INPUT, VALIDATE_UNKNOWN_OUTPUT -> "known names only";
      case VALIDATE_NULL -> "no missing values";
      case VALIDATE_DATA_TYPE -> "data type " + breach.want();
      case VALIDATE_RANK, VALIDATE_DIMENSION, VALIDATE_SIZE_MISMATCH -> "shape";
      default -> breach.rule().replace('_', ' ');
    };
  }

  /// The first breach that is not one of the types and shapes.
  private static String sentence(ValidateFault found, Optional<ValidateFault> anyway) {
    List<Breach> known = anyway.map(ValidateFault::breaches).orElse(List.of());
    return found.breaches().stream().filter(breach -> !known.contains(breach)).findFirst().orElse(found.breaches().getFirst()).sentence();
  }

  private static Optional<ValidateFault> fault(ContractValidator validator, InferenceRequest request) {
    try {
      validator.validate(request);
      return Optional.empty();
    } catch (FaultException e) {
      if (e.fault() instanceof ValidateFault fault) {
        return Optional.of(fault);
      }
      throw e;
    }
  }
}
