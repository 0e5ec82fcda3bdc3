/// The server from the outside: started, fed over HTTP, and asked through its admin API. Nothing here knows how it works inside.
@NullMarked
package dev.faultline.evaluation.surface;

import org.jspecify.annotations.NullMarked;
