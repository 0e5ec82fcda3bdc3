/// What each stage does, and the types that pass from one to the next.
@NullMarked
package dev.faultline.serving.stage;

import org.jspecify.annotations.NullMarked;
