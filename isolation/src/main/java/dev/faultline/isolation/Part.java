package dev.faultline.isolation;

/// One thing in which a failing request differs from a passing one, and which can be put in or left out by itself.
sealed interface Part {

  /// Name of the input concerned, empty for none.
  String tensor();

  /// One element of an input that has the same shape in both.
  record Element(String tensor, int flat) implements Part {}

  /// A whole input: only one of the two has it, or data type or shape differ.
  record Whole(String tensor) implements Part {}

  /// What surrounds the inputs: parameters and requested outputs.
  record Envelope() implements Part {
    @Override
    public String tensor() {
      return "";
    }
  }
}
