/// The demo's real data, wildlife strikes on aircraft, as request rows; and the program that trains its models from them.
@NullMarked
package dev.faultline.example.birdstrikes;

import org.jspecify.annotations.NullMarked;
