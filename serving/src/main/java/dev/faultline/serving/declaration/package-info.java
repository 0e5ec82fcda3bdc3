/// What people declare in YAML, read so that every problem is reported at once, with its path and the name that was probably meant.
@NullMarked
package dev.faultline.serving.declaration;

import org.jspecify.annotations.NullMarked;
