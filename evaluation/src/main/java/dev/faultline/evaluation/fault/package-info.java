/// The seeded faults, the pairs of them, and the healthy windows; and the traffic each makes.
@NullMarked
package dev.faultline.evaluation.fault;

import org.jspecify.annotations.NullMarked;
