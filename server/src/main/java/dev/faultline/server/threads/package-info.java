/// What every thread of the server is doing, and for which request.
@NullMarked
package dev.faultline.server.threads;

import org.jspecify.annotations.NullMarked;
