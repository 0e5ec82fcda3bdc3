/// The first bad one of an ordered list, found with trials that may err.
@NullMarked
package dev.faultline.isolation.bisect;

import org.jspecify.annotations.NullMarked;
