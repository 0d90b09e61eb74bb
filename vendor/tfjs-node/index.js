// The same TensorFlow.js that multiprize imports: whichever backend is chosen there computes for danfojs too.
module.exports = require("@tensorflow/tfjs");
