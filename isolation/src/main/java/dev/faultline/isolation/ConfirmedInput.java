package dev.faultline.isolation;

import dev.faultline.contract.Contract;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which inputs make a request fail: found with one passing request, and tried on another.
///
/// One passing request may be close to failing anyway, or may have half of what it takes: what is found with it alone is then too little
/// or another thing altogether. So a second one, less like the failing request, must fail with the same values. Where it does not it is
/// reduced too, and only what holds for both is said.
final class ConfirmedInput {
  /// Passing requests that are tried as the second one.
  private static final int OTHERS_MAX = 3;

  private final Trials lab;
  private final Target target;
  private final Setup setup;
  private final Arrival arrival;
  private final InferenceRequest failing;
  private final Contract contract;
  private final Notes notes;
  private Substitution.Fit fit = Substitution.Fit.ALL_AXES;

  ConfirmedInput(Trials lab, Target target, Setup setup, Arrival arrival, InferenceRequest failing, Contract contract, Notes notes) {
    this.lab = lab;
    this.target = target;
    this.setup = setup;
    this.arrival = arrival;
    this.failing = failing;
    this.contract = contract;
    this.notes = notes;
  }

  /// `suspects` are tried first.
  InputFinding run(Sound sound, List<Field> suspects) {
    Optional<Specimen> first = sound.first();
    if (first.isEmpty()) {
      return InputFinding.NONE;
    }
    InputSearch search = fitted(first.get()).seenToPass();
    InputFinding found = search.run(suspects, notes);
    return found.flipsBothWays() ? confirmed(search, found, sound, suspects) : found;
  }

  /// A passing request of another length is made as long as the failing one, where it passes then: how long it is cannot be what makes the
  /// failing one fail. Where time or memory ran out it may well be, and whether it does would depend on the moment.
  private InputSearch fitted(Specimen baseline) {
    InputSearch fitted = search(baseline, Substitution.Fit.ALL_AXES);
    boolean mayFit = target.code() != FaultCode.INFER_TIMEOUT && target.code() != FaultCode.INFER_OUT_OF_MEMORY;
    if (!fitted.isFittedBeyondRows() || (mayFit && fitted.with(List.of()) == TrialResult.PASS)) {
      return fitted;
    }
    fit = Substitution.Fit.ROWS;
    notes.add(Proof.Kind.REDUCTION, "passing request " + baseline.id() + " is compared as long as it is");
    return search(baseline, fit);
  }

  private InputFinding confirmed(InputSearch search, InputFinding found, Sound sound, List<Field> suspects) {
    for (Specimen each : others(sound, found.baselines().getFirst())) {
      InputSearch other = search(each, fit);
      if (each.version().version().equals(setup.version()) || sound.good().contains(each)) {
        other.seenToPass();
      }
      if (!other.isLaidOutFor(found.parts()) || other.with(List.of()) != TrialResult.PASS) {
        continue;
      }
      TrialResult result = other.with(found.parts());
      if (result == TrialResult.FAIL) {
        notes.add(Proof.Kind.INTERVENTION, "passing request " + each.id() + " fails too when it is given the same values", 1, 1);
      }
      return result == TrialResult.PASS ? reconciled(search, found, other, other.run(suspects, notes)) : found;
    }
    return found;
  }

  /// What holds for both passing requests.
  private InputFinding reconciled(InputSearch search, InputFinding found, InputSearch other, InputFinding again) {
    if (again.flipsBothWays() && search.with(again.parts()) == TrialResult.FAIL) {
      return again;
    }
    boolean halves = again.flipsBothWays() && other.differing(found.parts()).isEmpty() && search.differing(again.parts()).isEmpty();
    if (halves) {
      notes.add(Proof.Kind.REDUCTION, "either passing request has one part of it already: it takes both");
      return found.joined(again);
    }
    notes.add(Proof.Kind.LIMIT, "what makes one passing request fail does not make another one fail");
    return found.unconfirmed();
  }

  /// From the middle of the list on, which is ordered by likeness.
  private static List<Specimen> others(Sound sound, Specimen used) {
    List<Specimen> rest = new ArrayList<>(sound.good());
    rest.addAll(sound.nearest().subList(sound.nearest().size() / 2, sound.nearest().size()));
    rest.addAll(sound.nearest());
    return rest.stream().filter(each -> !each.id().equals(used.id()) && each.request().isPresent()).limit(OTHERS_MAX).toList();
  }

  private InputSearch search(Specimen baseline, Substitution.Fit fit) {
    return new InputSearch(lab, target, setup, arrival, failing, baseline, contract, fit);
  }
}
