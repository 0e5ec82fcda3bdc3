/// Named transformations before and after the model.
@NullMarked
package dev.faultline.serving.step;

import org.jspecify.annotations.NullMarked;
