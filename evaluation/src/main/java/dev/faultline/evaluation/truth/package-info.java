/// What is true of a seeded fault, and what somebody claims about it.
@NullMarked
package dev.faultline.evaluation.truth;

import org.jspecify.annotations.NullMarked;
