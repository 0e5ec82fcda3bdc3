package dev.faultline.serving.stage;

import dev.faultline.fault.FaultCode;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Rules about numbers. A scan passes over elements between each column's sound bounds; only the others are judged, so that a
/// valid request costs two comparisons an element and allocates nothing for them.
final class NumberRules implements ValueRules {
  private final List<NumberRule> rules;
  private final BoundsScan bounds;
  private final boolean isFree;
  private final boolean isFiniteOnly;

  NumberRules(List<NumberRule> rules) {
    this.rules = List.copyOf(rules);
    this.bounds = BoundsScan.of(rules.stream().mapToDouble(NumberRule::soundLow), rules.stream().mapToDouble(NumberRule::soundHigh));
    this.isFree = rules.stream().allMatch(NumberRule::isFree);
    this.isFiniteOnly = rules.stream().allMatch(NumberRule::isFiniteOnly);
  }

  @Override
  public void check(InputTensor input, ElementBreaches breaches) {
    if (!isFree && input.tensor().elements() instanceof Elements.Fixed numbers) {
      ByteBuffer bytes = numbers.bytes();
      for (int at = next(input.tensor(), bytes, 0); at >= 0; at = next(input.tensor(), bytes, at + 1)) {
        judge(input, numbers, at, breaches);
      }
    }
  }

  private void judge(InputTensor input, Elements.Fixed numbers, int flat, ElementBreaches breaches) {
    NumberRule rule = rules.get(flat % rules.size());
    Optional<FaultCode> broken = rule.broken(numbers, flat);
    if (broken.isPresent() && !isUnlistedNull(input, numbers, flat, rule)) {
      breaches.add(flat, broken.get(), () -> rule.want(broken.get()));
    }
  }

  /// Beyond the bounded list of misfits a missing integer looks like zero; a missing floating number is NaN anyway.
  private static boolean isUnlistedNull(InputTensor input, Elements.Fixed numbers, int flat, NumberRule rule) {
    boolean placeholder = !input.tensor().type().isFloating() && numbers.longAt(flat) == 0;
    return placeholder && rule.isNullable() && input.misfitCount() > input.misfits().size();
  }

  private int next(Tensor tensor, ByteBuffer bytes, int from) {
    return isFiniteOnly ? FiniteScan.next(tensor, from) : bounds.next(tensor, bytes, from);
  }
}
