package dev.faultline.server;

import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import java.util.List;

/// Several listeners as one, told in order.
record Listeners(List<OutcomeListener> all) implements OutcomeListener {
  Listeners {
    all = List.copyOf(all);
  }

  @Override
  public void onOutcome(Outcome outcome) {
    for (OutcomeListener each : all) {
      each.onOutcome(outcome);
    }
  }
}
