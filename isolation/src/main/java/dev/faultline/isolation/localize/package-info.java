/// The first graph node to blame, found by running an instrumented copy of the graph.
@NullMarked
package dev.faultline.isolation.localize;

import org.jspecify.annotations.NullMarked;
