package dev.faultline.protocol;

import dev.faultline.fault.Field;

/// Where in a JSON payload something stands: the RFC 6901 pointer and the same written for people, `inputs[0].shape[1]`.
final class Place {
  private Place() {}

  static Field at(String pointer) {
    return Field.member(path(pointer), pointer);
  }

  private static String path(String pointer) {
    var path = new StringBuilder();
    for (String step : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/", -1)) {
      append(path, step);
    }
    return path.toString();
  }

  private static void append(StringBuilder path, String step) {
    if (isIndex(step)) {
      path.append('[').append(step).append(']');
      return;
    }
    path.append(path.isEmpty() ? "" : ".").append(Excerpt.name(step.replace("~1", "/").replace("~0", "~")));
  }

  private static boolean isIndex(String step) {
    return !step.isEmpty() && step.chars().allMatch(each -> each >= '0' && each <= '9');
  }
}
