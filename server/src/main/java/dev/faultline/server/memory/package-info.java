/// Whose the memory of the server is.
@NullMarked
package dev.faultline.server.memory;

import org.jspecify.annotations.NullMarked;
