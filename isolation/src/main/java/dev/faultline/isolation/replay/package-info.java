/// Experiments: one trial, what it may cost, how often it must be repeated, and what a table of them means.
@NullMarked
package dev.faultline.isolation.replay;

import org.jspecify.annotations.NullMarked;
