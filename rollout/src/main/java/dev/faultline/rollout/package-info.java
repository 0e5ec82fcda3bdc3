/// Rollouts: a candidate beside the version in charge, as canary or as shadow, until a judge or a person ends it.
@NullMarked
package dev.faultline.rollout;

import org.jspecify.annotations.NullMarked;
