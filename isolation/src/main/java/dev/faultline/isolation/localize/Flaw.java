package dev.faultline.isolation.localize;

/// What an operator's rule finds in an operand, before anybody asks where it comes from.
///
/// `flat` is the element's row-major index, -1 when the shape offends.
record Flaw(int position, long flat, String words, String got, String want) {

  static final long SHAPE = -1;

  static Flaw ofShape(int position, String words, String got, String want) {
    return new Flaw(position, SHAPE, words, got, want);
  }
}
