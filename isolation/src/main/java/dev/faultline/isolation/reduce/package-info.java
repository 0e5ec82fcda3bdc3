/// The smallest change from a passing request that still fails, and the value at which it begins to.
@NullMarked
package dev.faultline.isolation.reduce;

import org.jspecify.annotations.NullMarked;
