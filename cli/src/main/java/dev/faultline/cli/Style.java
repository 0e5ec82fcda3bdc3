package dev.faultline.cli;

/// How a piece of text stands out on a terminal that has colours. Never the only sign of what it says.
enum Style {
  BOLD("1"),
  DIM("2"),
  RED("31"),
  GREEN("32"),
  YELLOW("33"),
  CYAN("36");

  private final String parameter;

  Style(String parameter) {
    this.parameter = parameter;
  }

  String on(String text) {
    return "\033[" + parameter + "m" + text + "\033[0m";
  }
}
