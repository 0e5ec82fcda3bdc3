package dev.faultline.isolation.rule;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import java.util.List;
import java.util.Optional;

/// What a contract says already about one field; what it says about the whole tensor counts for its columns.
record Known(FieldRef field, List<Rule> rules) {
  Known {
    rules = List.copyOf(rules);
  }

  static Known of(Contract contract, FieldRef field) {
    var whole = FieldRef.of(field.tensor());
    return new Known(field, contract.rules().stream().filter(rule -> rule.field().equals(field) || rule.field().equals(whole)).toList());
  }

  Optional<Rule> find(String key) {
    return rules.stream().filter(rule -> RuleWords.key(rule).equals(key)).findFirst();
  }

  boolean has(String key) {
    return find(key).isPresent();
  }
}
