package dev.faultline.serving.landmark;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a landmark says: the model version at work, its stage, and the step where one is at work. `model` and `version` are empty before
/// they are known, `step` outside steps.
///
/// As a frame it reads `faultline.at.<model>.<version>.<STAGE>:<step>`, a class and its method, or `faultline.at.request.<STAGE>`. What a
/// name of the JVM or a collapsed stack cannot hold stands as `%XX`.
public record Spot(String model, String version, String stage, String step) {
  private static final String PREFIX = "faultline.at.";
  private static final String REQUEST = PREFIX + "request";

  /// The spot that a frame marks, when it is a landmark. `type` is a class name with dots.
  public static Optional<Spot> of(String type, String method) {
    if (!type.startsWith(PREFIX) || method.isEmpty() || !Character.isUpperCase(method.charAt(0))) {
      return Optional.empty();
    }
    int colon = method.indexOf(':');
    String stage = colon < 0 ? method : method.substring(0, colon);
    String step = colon < 0 ? "" : decoded(method.substring(colon + 1));
    if (type.equals(REQUEST)) {
      return Optional.of(new Spot("", "", stage, step));
    }
    int dot = type.indexOf('.', PREFIX.length());
    return dot < 0 ? Optional.empty() : Optional.of(new Spot(decoded(type.substring(PREFIX.length(), dot)), decoded(type.substring(dot + 1)), stage, step));
  }

  String type() {
    return model.isEmpty() ? REQUEST : PREFIX + encoded(model) + "." + encoded(version);
  }

  String method() {
    return step.isEmpty() ? stage : stage + ":" + encoded(step);
  }

  /// For people: `credit-risk/2 PREPROCESS step scale`.
  @Override
  public String toString() {
    return (model.isEmpty() ? "" : model + "/" + version + " ") + stage + (step.isEmpty() ? "" : " step " + step);
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace(".", "%2E").replace("*", "%2A").replace("+", "%20");
  }

  private static String decoded(String name) {
    return URLDecoder.decode(name, StandardCharsets.UTF_8);
  }
}
