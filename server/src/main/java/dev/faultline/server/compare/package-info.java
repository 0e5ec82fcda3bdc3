/// What separates some kept requests from others: asked for in words, answered by attribution.
@NullMarked
package dev.faultline.server.compare;

import org.jspecify.annotations.NullMarked;
