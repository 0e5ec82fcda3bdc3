package dev.faultline.example.birdstrikes;

/// The versions of the demo's model: what each one was trained with, and the one mistake.
///
/// Version 2 is better offline, and is wrong in service. Its new training pipeline writes a missing speed as -1, so its graph
/// asks `speed < 0` where version 1 asked `IsNaN(speed)`. Offline every figure improves, because the offline pipeline sends -1.
/// In service a missing speed arrives as NaN, is not below zero, is not replaced, and becomes a NaN probability, of which the
/// label says "none". Version 3 keeps the improvement and asks for NaN again.
enum Release {
  V1("1", Blank.NAN, Curve.LINEAR, 100, 0.1),
  V2("2", Blank.MINUS_ONE, Curve.LOG, 10, 0.2),
  V3("3", Blank.NAN, Curve.LOG, 5, 0.2);

  /// How the training pipeline of a release writes a speed that nobody noted.
  enum Blank {
    NAN(Double.NaN),
    MINUS_ONE(-1);

    private final double value;

    Blank(double value) {
      this.value = value;
    }

    double value() {
      return value;
    }

    boolean matches(double speed) {
      return switch (this) {
        case NAN -> Double.isNaN(speed);
        case MINUS_ONE -> speed < 0;
      };
    }
  }

  /// The form in which the model sees the speed.
  enum Curve {
    LINEAR,
    /// Of one more than the speed, since a standing aircraft has zero.
    LOG;

    double apply(double speed) {
      return switch (this) {
        case LINEAR -> speed;
        case LOG -> Math.log(speed + 1);
      };
    }
  }

  private final String version;
  private final Blank blank;
  private final Curve curve;
  private final int categoryRowsMin;
  private final double cost;

  Release(String version, Blank blank, Curve curve, int categoryRowsMin, double cost) {
    this.version = version;
    this.blank = blank;
    this.curve = curve;
    this.categoryRowsMin = categoryRowsMin;
    this.cost = cost;
  }

  String version() {
    return version;
  }

  Blank blank() {
    return blank;
  }

  Curve curve() {
    return curve;
  }

  /// A category seen in fewer training rows than this falls into "other".
  int categoryRowsMin() {
    return categoryRowsMin;
  }

  /// LibLinear's C: how much a wrong row weighs against large coefficients.
  double cost() {
    return cost;
  }
}
