package dev.faultline.cli;

/// One thing that `faultline doctor` looked at: how it is, what was found, and how to mend it when it is not well.
record Diagnosis(Health health, String name, String found, String mend) {

  enum Health {
    GOOD,
    WARNING,
    BAD
  }

  static Diagnosis good(String name, String found) {
    return new Diagnosis(Health.GOOD, name, found, "");
  }

  static Diagnosis warning(String name, String found, String mend) {
    return new Diagnosis(Health.WARNING, name, found, mend);
  }

  static Diagnosis bad(String name, String found, String mend) {
    return new Diagnosis(Health.BAD, name, found, mend);
  }

  static Diagnosis of(boolean good, String name, String found, String mend) {
    return good ? good(name, found) : bad(name, found, mend);
  }
}
