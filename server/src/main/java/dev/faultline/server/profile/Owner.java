package dev.faultline.server.profile;

import dev.faultline.serving.landmark.Spot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whose a sample is: a stage or step of a model version, as the innermost landmark or the lane's name says, or else some other part of the
/// process, named in `rest`. `model` is empty before a request's version is known.
record Owner(Spot spot, String lane, String rest) {
  private static final Spot NOWHERE = new Spot("", "", "", "");
  private static final String LANE = "lane-";

  static Owner at(Spot spot) {
    return new Owner(spot, "", "");
  }

  static Owner rest(String what) {
    return new Owner(NOWHERE, "", what);
  }

  /// The owner of a lane's thread, named `lane-<model>/<version>-<number>`.
  static Optional<Owner> ofLane(String thread) {
    int slash = thread.lastIndexOf('/');
    int dash = thread.lastIndexOf('-');
    if (!thread.startsWith(LANE) || slash < 0 || dash < slash) {
      return Optional.empty();
    }
    var spot = new Spot(thread.substring(LANE.length(), slash), thread.substring(slash + 1, dash), "INFER", "");
    return Optional.of(new Owner(spot, thread, ""));
  }

  boolean isRest() {
    return !rest.isEmpty();
  }

  /// A request's, before it is known whose.
  boolean isUnrouted() {
    return !isRest() && spot.model().isEmpty();
  }

  /// `version` empty: of any.
  boolean isOf(String model, String version) {
    return !isRest() && spot.model().equals(model) && (version.isEmpty() || spot.version().equals(version));
  }

  /// The frames that a flame graph begins with.
  List<String> path() {
    if (isRest()) {
      return List.of("the rest of the server", rest);
    }
    var path = new ArrayList<String>();
    path.add(isUnrouted() ? "requests whose version is not known yet" : spot.model() + "/" + spot.version());
    path.add(spot.stage());
    if (!spot.step().isEmpty()) {
      path.add("step " + spot.step());
    }
    return path;
  }
}
