/// One line for each request, and all of it for a fault.
@NullMarked
package dev.faultline.server.log;

import org.jspecify.annotations.NullMarked;
