/// For which request a thread works, so that the log can say it.
@NullMarked
package dev.faultline.serving.current;

import org.jspecify.annotations.NullMarked;
