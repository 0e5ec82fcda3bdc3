/// Whether two answers are the same, within what floating-point arithmetic allows.
@NullMarked
package dev.faultline.compare;

import org.jspecify.annotations.NullMarked;
