package dev.faultline.serving.step;

import dev.faultline.serving.declaration.Declared;

/// One use of a kind of step that reads one tensor. With `output` equal to `input` the step replaces the tensor, otherwise it adds one.
record Use(String name, String kind, String input, String output) {

  static Use read(String name, String kind, Declared options) {
    String input = options.at("input").requiredText();
    return new Use(name, kind, input, options.at("output").text(input));
  }
}
