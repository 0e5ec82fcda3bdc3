package dev.faultline.serving.stage;

import dev.faultline.fault.FaultCode;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.Elements;
import java.util.List;
import java.util.Optional;

/// Rules about texts.
final class TextRules implements ValueRules {
  private final List<TextRule> rules;
  private final boolean isFree;

  TextRules(List<TextRule> rules) {
    this.rules = List.copyOf(rules);
    this.isFree = rules.stream().allMatch(TextRule::isFree);
  }

  @Override
  public void check(InputTensor input, ElementBreaches breaches) {
    if (!isFree && input.tensor().elements() instanceof Elements.Strings texts) {
      for (int flat = 0; flat < texts.count(); flat++) {
        judge(input, texts.bytesAt(flat), flat, breaches);
      }
    }
  }

  private void judge(InputTensor input, byte[] text, int flat, ElementBreaches breaches) {
    TextRule rule = rules.get(flat % rules.size());
    Optional<FaultCode> broken = rule.broken(text);
    if (broken.isPresent() && !isUnlistedNull(input, text, rule)) {
      breaches.add(flat, broken.get(), () -> rule.want(broken.get(), text));
    }
  }

  /// Beyond the bounded list of misfits a missing text looks like an empty one.
  private static boolean isUnlistedNull(InputTensor input, byte[] text, TextRule rule) {
    return text.length == 0 && rule.isNullable() && input.misfitCount() > input.misfits().size();
  }
}
