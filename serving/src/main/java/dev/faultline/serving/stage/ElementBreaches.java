package dev.faultline.serving.stage;

import dev.faultline.fault.Breach;
import dev.faultline.fault.FaultCode;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Where the elements of one input that break a rule are reported. An element that is a misfit already is not reported again: what it
/// holds is a placeholder, which no rule may judge.
final class ElementBreaches {
  private final InputPlan plan;
  private final InputTensor input;
  private final Breaches breaches;
  private @Nullable BitSet misfits;

  ElementBreaches(InputPlan plan, InputTensor input, Breaches breaches) {
    this.plan = plan;
    this.input = input;
    this.breaches = breaches;
  }

  void add(int flat, FaultCode code, Supplier<String> want) {
    if (!isMisfit(flat)) {
      breaches.add(plan.ruleSource(), () -> breach(flat, code, Shown.element(input.tensor(), flat), want.get()));
    }
  }

  void addMisfit(Misfit misfit, FaultCode code, String want) {
    breaches.add(plan.specSource(), () -> breach(misfit.flat(), code, misfit.got(), want));
  }

  private Breach breach(int flat, FaultCode code, String got, String want) {
    String shown = plan.isHidden(input, flat) ? Shown.REDACTED : got;
    return new Breach(code, input.field(flat, plan.columns(input)), shown, want);
  }

  private boolean isMisfit(int flat) {
    if (input.misfits().isEmpty()) {
      return false;
    }
    if (misfits == null) {
      misfits = new BitSet();
      for (Misfit misfit : input.misfits()) {
        misfits.set(misfit.flat());
      }
    }
    return misfits.get(flat);
  }
}
