package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Arm;
import java.util.random.RandomGenerator;

/// How both versions answer.
@FunctionalInterface
interface Behaviour {
  Sample answer(Arm arm, int minute, int client, RandomGenerator random);
}
