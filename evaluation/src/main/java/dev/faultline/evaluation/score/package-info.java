/// Claims against the truth: facets, rates with their intervals, groupings.
@NullMarked
package dev.faultline.evaluation.score;

import org.jspecify.annotations.NullMarked;
