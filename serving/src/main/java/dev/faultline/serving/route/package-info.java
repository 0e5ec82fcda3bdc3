/// Which model version answers.
@NullMarked
package dev.faultline.serving.route;

import org.jspecify.annotations.NullMarked;
