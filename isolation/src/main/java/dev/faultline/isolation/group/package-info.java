/// What makes two faults the same, and the groups that share it.
@NullMarked
package dev.faultline.isolation.group;

import org.jspecify.annotations.NullMarked;
