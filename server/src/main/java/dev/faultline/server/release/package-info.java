/// Which version is called what: labels and defaults, who changed them, and what of it outlives the process.
@NullMarked
package dev.faultline.server.release;

import org.jspecify.annotations.NullMarked;
