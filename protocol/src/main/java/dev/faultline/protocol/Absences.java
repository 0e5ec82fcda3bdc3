package dev.faultline.protocol;

/// Counts the values that the records of one request lack.
///
/// An absent value costs the caller nothing to send and the server an element to keep, so there is a bound.
final class Absences {
  static final int ABSENT_MAX = 1_000_000;

  private int count;

  void add() {
    count++;
    if (count > ABSENT_MAX) {
      throw JsonReader.fault("the records lack more than " + ABSENT_MAX + " values of the model's inputs", "/instances");
    }
  }
}
