/// What simpler methods say about the same cases, from the same public documents: our own re-implementations of their ranking rules.
@NullMarked
package dev.faultline.evaluation.baseline;

import org.jspecify.annotations.NullMarked;
