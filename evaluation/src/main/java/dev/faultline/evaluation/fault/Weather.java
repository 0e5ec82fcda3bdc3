package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.traffic.Request;
import java.util.random.RandomGenerator;

/// What happens to traffic that is nobody's fault: shifts, new clients, nights.
public interface Weather {
  Weather CALM = (request, _, _) -> request;

  /// @param progress of the window, from 0 to 1
  Request over(Request request, double progress, RandomGenerator random);
}
