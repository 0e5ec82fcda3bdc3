/// What a request costs, measured against a baseline in the same run.
@NullMarked
package dev.faultline.benchmark;

import org.jspecify.annotations.NullMarked;
