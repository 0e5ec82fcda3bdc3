package dev.faultline.serving.step;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.PostprocessFault;
import dev.faultline.fault.PreprocessFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.Thrown;
import dev.faultline.request.StepRun;
import dev.faultline.serving.landmark.Landmark;
import dev.faultline.serving.landmark.Landmarks;
import dev.faultline.serving.stage.CallerTrace;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The steps of PREPROCESS or POSTPROCESS in order. Tells its listener what went into and came out of each, and blames the step, or
/// the caller where the value that broke it is still the caller's own.
public final class StepChain {

  /// Hears of each step once it has run or failed.
  public interface Listener {
    void onStep(StepRun run);
  }

  private final Stage stage;
  private final List<Step> steps;
  private final LongSupplier nanoClock;
  private final List<Landmark> landmarks;

  /// `landmarks` are those of the version; each step works below its own.
  public StepChain(Stage stage, List<Step> steps, Landmarks landmarks, LongSupplier nanoClock) {
    this.stage = stage;
    this.steps = List.copyOf(steps);
    this.landmarks = steps.stream().map(step -> landmarks.step(stage, step.name())).toList();
    this.nanoClock = nanoClock;
  }

  public List<Step> steps() {
    return steps;
  }

  /// @throws FaultException carrying a `PreprocessFault` or `PostprocessFault`
  public List<Tensor> apply(List<Tensor> tensors, Listener listener, CallerTrace trace) {
    List<Tensor> current = tensors;
    for (int i = 0; i < steps.size(); i++) {
      current = apply(steps.get(i), landmarks.get(i), current, listener, trace);
    }
    return current;
  }

  private List<Tensor> apply(Step step, Landmark landmark, List<Tensor> before, Listener listener, CallerTrace trace) {
    long start = nanoClock.getAsLong();
    List<Tensor> read = before.stream().filter(tensor -> step.reads().contains(tensor.name())).toList();
    List<Tensor> after = List.of();
    try {
      after = landmark.pass(() -> step.apply(before));
    } catch (StepException e) {
      throw new FaultException(failed(step, e, before, trace), e);
    } finally {
      listener.onStep(new StepRun(stage, step.name(), step.kind(), read, written(before, after), nanoClock.getAsLong() - start));
    }
    if (stage == Stage.PREPROCESS) {
      refuseNewNonfinite(step, read, written(before, after), trace);
    }
    return after;
  }

  /// What the step made: tensors that were not there before. Steps pass on what they leave alone.
  @SuppressWarnings("ReferenceEquality") // identity is what tells a tensor passed on from one made anew
  private static List<Tensor> written(List<Tensor> before, List<Tensor> after) {
    var made = new ArrayList<Tensor>();
    for (Tensor tensor : after) {
      if (before.stream().noneMatch(old -> old == tensor)) {
        made.add(tensor);
      }
    }
    return made;
  }

  private Fault failed(Step step, StepException e, List<Tensor> before, CallerTrace trace) {
    List<Field> culprits =
        before.stream().filter(t -> t.name().equals(e.tensor())).findFirst().flatMap(t -> trace.field(t, e.flat())).stream().toList();
    List<Evidence> evidence = before.stream()
        .filter(t -> step.reads().contains(t.name()))
        .<Evidence>map(t -> new Evidence.Summary("input of step " + step.name(), TensorSummary.of(t)))
        .toList();
    String reason = String.valueOf(e.getMessage());
    if (stage == Stage.POSTPROCESS) {
      return new PostprocessFault(step.name(), reason, evidence, List.of(Thrown.of(e)));
    }
    Blame blame = culprits.isEmpty() ? Blame.MODEL : Blame.CALLER;
    return new PreprocessFault.StepFailed(step.name(), reason, blame, culprits, evidence, List.of(Thrown.of(e)));
  }

  /// A step that is given numbers must give numbers. Values that were missing before it (NaN by contract) are its business.
  private static void refuseNewNonfinite(Step step, List<Tensor> read, List<Tensor> written, CallerTrace trace) {
    for (Tensor out : written) {
      int flat = firstNonfinite(out);
      if (flat >= 0) {
        origin(read, out).ifPresent(in -> refuse(step, in, out, trace));
      }
    }
  }

  private static void refuse(Step step, Tensor in, Tensor out, CallerTrace trace) {
    boolean sameLayout = in.count() == out.count();
    int flat = sameLayout ? firstNewNonfinite(in, out) : firstNonfinite(out);
    if (flat < 0) {
      return;
    }
    List<Field> culprits = trace.field(in, sameLayout ? flat : -1).stream().toList();
    Blame blame = culprits.isEmpty() ? Blame.MODEL : Blame.CALLER;
    String got = out.textAt(flat) + (sameLayout ? " of " + in.textAt(flat) : "");
    List<Evidence> evidence = List.of(
        new Evidence.Summary("input of step " + step.name(), TensorSummary.of(in)),
        new Evidence.Summary("output of step " + step.name(), TensorSummary.of(out)));
    throw new FaultException(new PreprocessFault.Nonfinite(step.name(), got, blame, culprits, evidence));
  }

  /// The tensor read that explains the output: one of the same layout, otherwise one that is finite throughout.
  private static Optional<Tensor> origin(List<Tensor> read, Tensor out) {
    return read.stream()
        .filter(in -> in.type() != dev.faultline.tensor.DataType.BYTES)
        .filter(in -> in.count() == out.count() || firstNonfinite(in) < 0)
        .findFirst();
  }

  private static int firstNewNonfinite(Tensor in, Tensor out) {
    for (int i = 0; i < out.count(); i++) {
      if (!out.isFiniteAt(i) && in.isFiniteAt(i)) {
        return i;
      }
    }
    return -1;
  }

  private static int firstNonfinite(Tensor tensor) {
    if (tensor.type().isFloating()) {
      for (int i = 0; i < tensor.count(); i++) {
        if (!tensor.isFiniteAt(i)) {
          return i;
        }
      }
    }
    return -1;
  }
}
