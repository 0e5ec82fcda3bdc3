/// Decides a rollout from outcomes: sequential tests that may be read at any time, for canaries and for shadows.
@NullMarked
package dev.faultline.rollout.judge;

import org.jspecify.annotations.NullMarked;
