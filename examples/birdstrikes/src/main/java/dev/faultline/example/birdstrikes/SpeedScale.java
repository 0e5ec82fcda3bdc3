package dev.faultline.example.birdstrikes;

import dev.faultline.example.birdstrikes.Release.Curve;
import java.util.List;
import java.util.OptionalInt;

/// How a model puts a speed on a scale: the curve, and the training rows' median, mean and deviation.
///
/// @param median knots that stand in for a missing speed
/// @param mean of the curve's values
/// @param deviation standard deviation of the curve's values
record SpeedScale(Curve curve, double median, double mean, double deviation) {

  static SpeedScale learn(Curve curve, List<BirdstrikeRow> rows) {
    double[] speeds = rows.stream().map(BirdstrikeRow::speedKnots).flatMapToInt(OptionalInt::stream).sorted().asDoubleStream().toArray();
    double mean = 0;
    for (double speed : speeds) {
      mean += curve.apply(speed) / speeds.length;
    }
    double variance = 0;
    for (double speed : speeds) {
      variance += Math.pow(curve.apply(speed) - mean, 2) / speeds.length;
    }
    return new SpeedScale(curve, speeds[speeds.length / 2], mean, Math.sqrt(variance));
  }

  double scaled(double speed) {
    return (curve.apply(speed) - mean) / deviation;
  }
}
