package dev.faultline.evaluation.fault;

import dev.faultline.evaluation.traffic.Request;
import java.util.random.RandomGenerator;

/// Turns a sound request into one that has the fault's input.
public interface Spoiler {
  Spoiler NOTHING = (request, _) -> request;

  Request spoil(Request request, RandomGenerator random);
}
