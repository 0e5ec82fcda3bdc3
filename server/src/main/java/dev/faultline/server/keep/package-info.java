/// What is kept of outcomes: groups, recent faults, captures.
@NullMarked
package dev.faultline.server.keep;

import org.jspecify.annotations.NullMarked;
