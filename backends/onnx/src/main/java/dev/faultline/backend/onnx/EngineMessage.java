package dev.faultline.backend.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What ONNX Runtime said, taken apart: the nodes it was in, outermost first, and why, without the places in its own source.
record EngineMessage(List<Place> places, String reason) {

  /// A node as the engine names it.
  record Place(String op, String name) {}

  private static final Pattern HEAD = Pattern.compile("^Error code - \\w+ - message: ");
  private static final Pattern PLACE =
      Pattern.compile("Non-zero status code returned while running (\\S+) node\\. Name:'(.*?)' Status Message: ");

  /// `/onnxruntime_src/x.cc:150 void f(int) [with T = long] ` and `element_wise_ops.cc:692 Compute `.
  private static final Pattern LONG_SOURCE =
      Pattern.compile("^/\\S+\\.(?:cc|h|cpp|hpp):\\d+ .*?\\)(?: const)?(?: \\[with [^\\]]*\\])? (?=[^,)&*])");

  private static final Pattern SHORT_SOURCE = Pattern.compile("^[\\w.]+\\.(?:cc|h|cpp|hpp):\\d+ (?:operator)?\\S+ ");
  private static final Pattern NESTED_STATUS = Pattern.compile("^\\[ONNXRuntimeError\\] : \\d+ : \\w+ : ");
  private static final Pattern ASSERTION = Pattern.compile("^.* was false\\. ");

  EngineMessage {
    places = List.copyOf(places);
  }

  static EngineMessage of(String message) {
    String rest = HEAD.matcher(message).replaceFirst("");
    List<Place> places = new ArrayList<>();
    Matcher place = PLACE.matcher(rest);
    int end = 0;
    while (place.find(end) && place.start() == end) {
      places.add(new Place(place.group(1), place.group(2)));
      end = place.end();
    }
    return new EngineMessage(places, reason(rest.substring(end)));
  }

  Optional<Place> innermost() {
    return places.isEmpty() ? Optional.empty() : Optional.of(places.getLast());
  }

  private static String reason(String told) {
    String reason = told.strip();
    for (Pattern noise : List.of(LONG_SOURCE, NESTED_STATUS, SHORT_SOURCE, ASSERTION)) {
      reason = noise.matcher(reason).replaceFirst("");
    }
    return reason.strip();
  }
}
