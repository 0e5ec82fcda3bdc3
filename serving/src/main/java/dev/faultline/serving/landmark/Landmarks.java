package dev.faultline.serving.landmark;

import dev.faultline.fault.Stage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/// The landmarks of one model version: a frame for each stage and each step.
///
/// Java has no place in a stack for data, only names of methods; so a class is made for the version, with a method for each of its stages and
/// steps that does nothing but call on. Any profiler, thread dump or debugger then shows whose work it sees, on virtual threads too, and
/// nothing has to be noted while a request runs.
public final class Landmarks {
  /// Of requests whose version is not known yet.
  public static final Landmarks REQUEST = new Landmarks("", "", List.of(), List.of());

  private final List<Spot> spots;
  private final Passes passes;
  private final Map<Stage, Landmark> ofStages = new EnumMap<>(Stage.class);

  private Landmarks(String model, String version, List<String> preprocess, List<String> postprocess) {
    var named = new ArrayList<Spot>();
    for (Stage stage : Stage.values()) {
      named.add(new Spot(model, version, stage.name(), ""));
    }
    preprocess.forEach(step -> named.add(new Spot(model, version, Stage.PREPROCESS.name(), step)));
    postprocess.forEach(step -> named.add(new Spot(model, version, Stage.POSTPROCESS.name(), step)));
    this.spots = List.copyOf(named);
    this.passes = MadeClass.of(spots);
    for (Stage stage : Stage.values()) {
      ofStages.put(stage, new Landmark(passes, spots.indexOf(new Spot(model, version, stage.name(), ""))));
    }
  }

  /// Of a model version with steps of these names.
  public static Landmarks of(String model, String version, List<String> preprocess, List<String> postprocess) {
    return new Landmarks(model, version, preprocess, postprocess);
  }

  /// Does the work of a stage below its landmark.
  public <T> T pass(Stage stage, Supplier<T> work) {
    return of(stage).pass(work);
  }

  /// The landmark of a step, or of its stage when there is no such step.
  public Landmark step(Stage stage, String name) {
    Optional<Spot> found = spots.stream().filter(spot -> spot.stage().equals(stage.name()) && spot.step().equals(name)).findFirst();
    return found.map(spot -> new Landmark(passes, spots.indexOf(spot))).orElseGet(() -> of(stage));
  }

  private Landmark of(Stage stage) {
    return Objects.requireNonNull(ofStages.get(stage));
  }
}
