/// What callers send: requests as values, the clients they come from, and their form on the wire.
@NullMarked
package dev.faultline.evaluation.traffic;

import org.jspecify.annotations.NullMarked;
