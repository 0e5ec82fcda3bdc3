/// Measures judges of canaries and shadows on traffic whose truth is known: the one of this product, and the rules of other tools, written anew from their descriptions.
@NullMarked
package dev.faultline.rollout.judge.simulation;

import org.jspecify.annotations.NullMarked;
