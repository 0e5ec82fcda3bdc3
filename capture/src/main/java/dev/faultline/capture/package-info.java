/// What is kept of a request, what is never kept (redaction), and the store that keeps it.
@NullMarked
package dev.faultline.capture;

import org.jspecify.annotations.NullMarked;
